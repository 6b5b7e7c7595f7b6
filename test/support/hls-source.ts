import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sample } from './samples.ts'
import { until } from './until.ts'
import { WebServer } from './web-server.ts'

/**
 * What is wrong with the source: it sends to itself, its list names itself, its answers come a byte a second; a number is
 * the status of every answer.
 */
export type HlsFault = 'redirect' | 'own-variant' | 'drip' | 401 | 404 | 503

/** Live HLS over HTTP that breaks when it is told to. */
export interface HlsSource extends AsyncDisposable {
  readonly url: string
  /** Requests since it broke. */
  requests(): number
  /** Behaves so from now on; null is well. */
  become(fault: HlsFault | null): void
}

/** Resolves when there are two segments, each of so many seconds. */
export async function startHlsSource(segmentSeconds: number): Promise<HlsSource> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-hls-'))
  const maker = await making(folder, segmentSeconds)
  let fault: HlsFault | null = null
  let requests = 0
  const web = await WebServer.start((request, response) => {
    requests += 1
    const path = request.url ?? '/'
    if (fault === null) void serve(folder, path, response)
    else fail(fault, path, response)
  })
  return {
    url: web.url('/live.m3u8'),
    requests: () => requests,
    become(next) {
      fault = next
      requests = 0
    },
    async [Symbol.asyncDispose]() {
      const gone = once(maker, 'exit')
      if (maker.exitCode === null && maker.kill('SIGKILL')) await gone
      await web[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function making(folder: string, segmentSeconds: number): Promise<ChildProcess> {
  const source = ['-re', '-stream_loop', '-1', '-i', await sample('h264-high-aac.mp4'), '-c', 'copy']
  const list = ['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '5', '-hls_flags', 'temp_file']
  const command = ['--pdeathsig', 'KILL', 'ffmpeg', '-v', 'error', '-nostdin', ...source, ...list]
  const maker = spawn('setpriv', [...command, join(folder, 'live.m3u8')], { stdio: ['ignore', 'ignore', 'inherit'] })
  await until('two segments', async () => (await readdir(folder)).includes('live1.ts'))
  return maker
}

async function serve(folder: string, path: string, response: ServerResponse): Promise<void> {
  const body = await readFile(join(folder, path)).catch(() => null)
  if (body) response.end(body)
  else response.writeHead(404).end()
}

function fail(fault: HlsFault, path: string, response: ServerResponse): void {
  if (fault === 'redirect') response.writeHead(302, { location: path }).end()
  else if (fault === 'own-variant') response.end(`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\n${path.slice(1)}\n`)
  else if (fault === 'drip') {
    const timer = setInterval(() => response.write('#'), 1000)
    response.once('close', () => clearInterval(timer))
  } else response.writeHead(fault).end()
}
