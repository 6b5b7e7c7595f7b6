import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { node20 } from '../support/node-20.ts'
import { until } from '../support/until.ts'
import { adminKey, Weir } from '../support/weir.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const pattern = { testPattern: { width: 320, height: 240 } }

let weir: Weir
let node: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-examples-'))
  ;[weir, node] = await Promise.all([Weir.start(), node20()])
})
afterAll(async () => {
  await weir?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Runs an example as its reader would, on the oldest Node.js that the client is for. */
function start(name: string, ...args: string[]) {
  const env = { ...process.env, WEIR_URL: weir.url, WEIR_KEY: adminKey }
  const child = spawn(node, [join(examples, name), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { text: '' }
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => {
      said.text += chunk
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, said, ended }
}

async function run(name: string, ...args: string[]): Promise<string> {
  const { said, ended } = start(name, ...args)
  const code = await ended
  expect({ code, said: code === 0 ? '' : said.text }).toEqual({ code: 0, said: '' })
  return said.text
}

test('follow-health.mjs', async () => {
  const said = await run('follow-health.mjs')
  expect(said).toMatch(/^created stream_\w+\n/)
  expect(said).toMatch(/ {2}HEALTHY\n$/)
})

test('events.mjs goes on where it was', async () => {
  const file = join(folder, 'cursor')
  const first = start('events.mjs', file)
  await until('it has begun', () => readFile(file).catch(() => null))
  const one = await weir.createStream({ name: 'One', source: pattern })
  await until('it is told of the first', () => first.said.text.includes(one), { explain: () => first.said.text })
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  const two = await weir.createStream({ name: 'Two', source: pattern })
  const second = start('events.mjs', file)
  await until('it is told of the second', () => second.said.text.includes(two), { explain: () => second.said.text })
  second.child.kill('SIGINT')
  expect(await second.ended).toBe(0)
  expect(second.said.text).not.toContain(one)
})

test('reservations.mjs', async () => {
  const { id } = await weir.liveStream({ name: 'Reserved', source: pattern })
  const said = await run('reservations.mjs', id)
  expect(said).toMatch(/^reservation_\w+ is HELD until /)
  expect(said).toMatch(new RegExp(`consumer_\\w+ plays /hls/${id}/index\\.m3u8\nthe place is ACTIVE\n`))
  expect(said).toMatch(/closed: FORCED, "The desk is closed\."\nthe place is RELEASED\n$/)
})

test('gateway.mjs', async () => {
  const { id } = await weir.liveStream({ name: 'Behind a gateway', source: pattern })
  const said = await run('gateway.mjs', id)
  expect(said).toMatch(/^5 sessions, a heartbeat every 30 s\nconsumer_\w+ is CLOSED: FORCED\n4 go on\n$/)
})
