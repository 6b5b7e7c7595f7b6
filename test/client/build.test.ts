import { execFile } from 'node:child_process'
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../support/api.ts'
import { openTestPglite, type TestDatabase } from '../support/databases.ts'
import { type LogServer, logEvent, startLogServer } from '../support/log-client.ts'
import { node20 } from '../support/node-20.ts'

const top = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** A project of somebody else's that has Weir among its packages, with nothing but what the client may need. */
let project: string

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'weir-client-'))
  const weir = join(project, 'node_modules/weir')
  await mkdir(weir, { recursive: true })
  await cp(join(top, 'dist'), join(weir, 'dist'), { recursive: true })
  await cp(join(top, 'package.json'), join(weir, 'package.json'))
  // `graphql` is graphql-ws's own wish, for its types; `ws` is this program's.
  for (const name of ['graphql-ws', 'graphql', 'ws'])
    await symlink(join(top, 'node_modules', name), join(project, 'node_modules', name))
  await writeFile(join(project, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rm(project, { recursive: true, force: true }))

describe('what is published', () => {
  test('imports graphql-ws and nothing else', async () => {
    const imported = new Set<string>()
    for await (const file of glob('**/*.{js,ts}', { cwd: join(top, 'dist/client') })) {
      const text = (await readFile(join(top, 'dist/client', file), 'utf8')).replaceAll(/\/\*.*?\*\//gs, '')
      for (const [, name] of text.matchAll(/(?:from|import\()\s*["']([^"'.][^"']*)["']/g)) imported.add(name!)
    }
    expect([...imported]).toEqual(['graphql-ws'])
  })

  test("has types that hold without our sources, the caller's libraries among them", async () => {
    await writeFile(
      join(project, 'use.ts'),
      `import { createClient, document, openConsumer, type PlayerStatus, watchEvents, WeirError } from 'weir/client'
const weir = createClient({ url: 'http://127.0.0.1', key: async () => null })
export async function use(): Promise<string> {
  const { openConsumer: session } = await weir.request(openConsumer, { input: { streamId: 's', clientId: 'c' } })
  // @ts-expect-error there is no such variable
  await weir.request(openConsumer, { inputs: {} })
  // @ts-expect-error variables are needed
  await weir.request(openConsumer)
  const { viewer } = await weir.request(document<{ viewer: { scopes: string[] } }>('{ viewer { scopes } }'))
  for await (const { events } of weir.subscribe(watchEvents, {})) {
    if (events.__typename === 'Gap') return String(events.missed)
    // @ts-expect-error a message without a cursor may be Checkpoint, Event or Gap, none of which has this
    events.nothing
  }
  const error = new WeirError('NOT_FOUND', '')
  // @ts-expect-error no such code
  if (error.code === 'NOPE') return ''
  const phase: PlayerStatus['phase'] = weir.watch('s', document_().video).status.phase
  return [session?.token, viewer.scopes[0], error.fields[0]?.path, phase].join()
}
declare function document_(): { video: HTMLVideoElement }
`,
    )
    const options = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true, skipLibCheck: false, types: [] }
    const compilerOptions = { ...options, lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'] }
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
    const tsc = join(top, 'node_modules/typescript/bin/tsc')
    const said = await run(process.execPath, [tsc, '-p', project]).catch((error: { stdout: string }) => error)
    expect(said.stdout).toBe('')
  })
})

describe('from a plain script on Node.js 20', () => {
  let database: TestDatabase
  let api: TestApi
  let node: LogServer
  beforeAll(async () => {
    database = await openTestPglite()
    api = await createTestApi(database)
    node = await startLogServer(api, database.db)
  })
  afterAll(async () => {
    await node?.close()
    await database?.close()
  })

  test('it subscribes with ws, and refuses by code', async () => {
    await node.append(logEvent(api.projectId, 'first'), logEvent(api.projectId, 'second'))
    await writeFile(
      join(project, 'script.mjs'),
      `import { createClient, watchEvents } from 'weir/client'
import { WebSocket } from 'ws'
const [url, key] = process.argv.slice(2)
const weir = createClient({ url, key, webSocketImpl: WebSocket })
for await (const { events } of weir.subscribe(watchEvents, { after: '0' })) {
  if (events.__typename === 'Event') console.log(events.subjectId)
  if (events.subjectId === 'second') break
}
weir.close()
const strange = createClient({ url, key: 'weir_wrong', webSocketImpl: WebSocket })
for await (const _ of strange.subscribe(watchEvents, {})) console.log('let in')
`,
    )
    const url = node.server.url.replace('ws:', 'http:')
    const said = await run(await node20(), ['script.mjs', url, api.key('READ')], { cwd: project }).then(
      () => null,
      (error: { stdout: string; stderr: string }) => error,
    )
    expect(said?.stdout).toBe('first\nsecond\n')
    expect(said?.stderr).toMatch(/WeirError: The key was not accepted\..*code: 'UNAUTHENTICATED'/s)
  })
})
