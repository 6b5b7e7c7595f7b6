import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { urlArguments } from '../../../src/media/ffmpeg/arguments.ts'
import { gateEnvironment } from '../../../src/media/ffmpeg/gate-environment.ts'
import { probeSource } from '../../../src/media/ffmpeg/probe.ts'
import type { Address } from '../../../src/sources/gate/resolve.ts'
import { type Canary, startCanary } from '../../support/canary.ts'
import { gate, rulesAllowing } from '../../support/gate.ts'
import { type HostileServer, startHostileServer } from '../../support/hostile-server.ts'
import { ingest, ingestDeps } from '../../support/ingest.ts'
import { sample } from '../../support/samples.ts'
import { until } from '../../support/until.ts'
import { WebServer } from '../../support/web-server.ts'

let canary: Canary
let hostile: HostileServer
beforeAll(async () => {
  canary = await startCanary()
  hostile = await startHostileServer(canary.port)
})
afterAll(async () => {
  await hostile[Symbol.asyncDispose]()
  await canary[Symbol.asyncDispose]()
})

const onlyHostile = rulesAllowing('127.0.0.2/32')

test('a name that answers with another address each time is connected to nowhere else', async () => {
  const { port } = new URL(hostile.url('/'))
  const answers: Address[][] = [
    [{ address: '127.0.0.2', family: 4 }],
    [{ address: '127.0.0.1', family: 4 }],
    [{ address: '::1', family: 6 }],
  ]
  let asked = 0
  const lookup = async () => answers[asked++ % answers.length]!
  // The list is on the name itself, its pieces on others, whose first answer is an inner address.
  for (const [path, kind] of [
    ['/rebinding/list.m3u8', 'HLS'],
    ['/redirect-name-of-dns/live.ts', 'HTTP'],
  ] as const) {
    asked = 0
    using gated = await gate({ kind, url: `http://rebinding.example:${port}${path}` }, onlyHostile, lookup)
    await expect(probeSource(gated.source, 15_000, { ...ingestDeps, gated })).rejects.toMatchObject({
      cause: 'BLOCKED',
    })
    expect(asked).toBeGreaterThan(1)
  }
  // Opened when it answers with an inner address at once: not at all.
  asked = 1
  await expect(
    gate({ kind: 'HTTP', url: `http://rebinding.example:${port}/` }, onlyHostile, lookup),
  ).rejects.toMatchObject({
    cause: 'BLOCKED',
  })
  expect(canary.touched).toBe(0)
})

test('wherever else FFmpeg is led by HTTP, it asks the gate, as its proxy', async () => {
  using gated = await gate({ kind: 'HLS', url: hostile.url('/own-piece/list.m3u8') }, onlyHostile)
  const astray = { kind: 'HTTP', url: `http://127.0.0.1:${canary.port}/x.ts` } as const
  const child = spawn('ffprobe', ['-v', 'error', ...urlArguments(astray, 5)], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, ...gateEnvironment(gated) },
  })
  await once(child, 'exit')
  expect(gated.failure()).toMatchObject({ cause: 'BLOCKED' })
  expect(canary.touched).toBe(0)
})

describe('a good source', () => {
  let folder: string
  let maker: ChildProcess
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-test-gate-'))
    const keyInfo = join(folder, 'key.info')
    await writeFile(join(folder, 'a.key'), Buffer.alloc(16, 9))
    await writeFile(keyInfo, `keys/a.key\n${join(folder, 'a.key')}\n`)
    const input = ['-v', 'error', '-re', '-stream_loop', '-1', '-i', await sample('h264-high-aac.mp4'), '-c', 'copy']
    const hls = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '5', '-hls_flags', 'temp_file']
    const plain = [...hls, '-master_pl_name', 'master.m3u8', join(folder, 'plain.m3u8')]
    const fmp4 = [...hls, '-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', 'head.mp4', join(folder, 'fmp4.m3u8')]
    const locked = [...hls, '-hls_key_info_file', keyInfo, join(folder, 'locked.m3u8')]
    const outputs = [plain, fmp4, locked].flatMap((output) => ['-map', '0', '-c', 'copy', ...output])
    maker = spawn('setpriv', ['--pdeathsig', 'KILL', 'ffmpeg', ...input.slice(0, -2), ...outputs], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await until('lists', () => readFile(join(folder, 'locked2.ts')).catch(() => null))
  })
  afterAll(async () => {
    const gone = once(maker, 'exit')
    maker.kill('SIGKILL')
    await gone
    await rm(folder, { recursive: true })
  })

  async function serve(path: string, response: ServerResponse): Promise<void> {
    const body = await readFile(join(folder, path.replace('/keys/', '/').split('?')[0]!)).catch(() => null)
    if (body) response.end(body)
    else response.writeHead(404).end()
  }

  test.each(['master', 'plain', 'fmp4', 'locked'])('live HLS plays on: %s', async (name) => {
    await using web = await WebServer.start((request, response) => void serve(request.url!, response))
    await using running = await ingest({ kind: 'HLS', url: web.url(`/${name}.m3u8?token=pa55word`) })
    await running.video.keyframes(8)
    expect(running.video.received.jumps).toBe(0)
    expect(JSON.stringify(running.process.log())).not.toContain('pa55word')
  })

  test('its password goes to it alone, by Basic and by Digest, and through a redirect', async () => {
    const seen: (string | undefined)[] = []
    // By another name it is another host.
    await using other = await WebServer.start((request, response) => {
      seen.push(request.headers.authorization)
      void serve(request.url!, response)
    })
    for (const challenge of ['Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth"']) {
      await using web = await WebServer.start((request, response) => {
        const given = request.headers.authorization
        if (!given?.startsWith(challenge.split(' ')[0]!))
          return void response.writeHead(401, { 'www-authenticate': challenge }).end()
        if (request.url!.endsWith('.m3u8')) return void serve(request.url!, response)
        response.writeHead(302, { location: `http://localhost:${other.port}${request.url}` }).end()
      })
      const url = web.url('/plain.m3u8').replace('//', '//viewer:pa55word@')
      await using running = await ingest({ kind: 'HLS', url })
      await running.video.keyframes(2)
      const arguments_ = await readFile(`/proc/${running.process.pid}/cmdline`, 'utf8')
      expect(arguments_).not.toContain('pa55word')
      process.kill(running.process.pid, 'SIGTERM')
      expect(JSON.stringify(await running.process.exited)).not.toContain('pa55word')
    }
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.filter((value) => value !== undefined)).toEqual([])
  })
})
