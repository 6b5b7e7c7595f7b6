import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type {
  CreateStreamInput,
  TestStreamQuery,
  WatchTestStreamSubscription,
} from '../../src/client/generated/graphql.ts'
import type { EventType } from '../../src/events/model.ts'
import * as documents from './documents.ts'
import { freeTcpPort } from './free-ports.ts'
import { GraphqlClient } from './graphql-client.ts'
import { type Watch, watch } from './graphql-watch.ts'
import { allProcesses, descendants, type ProcessEntry, processesMarked } from './processes.ts'
import { until } from './until.ts'
import './worker.ts'
import { serverFlags } from '../../scripts/setup/server-flags.mjs'

export type StreamView = NonNullable<TestStreamQuery['stream']>

export interface WeirOptions {
  /** Settings over those of the test bed. */
  env?: Record<string, string>
  /** Where data and media are, kept at the end; else a folder of its own. */
  folder?: string
  /** A command that the server's own is appended to, and that becomes it by exec. */
  wrapper?: string[]
}

export interface StreamEvent {
  type: EventType
  /** ms since the epoch. */
  at: number
  data: Record<string, unknown>
}

/** How a server ended. */
export interface WeirExit {
  code: number | null
  signal: NodeJS.Signals | null
  tookMs: number
}

const main = new URL('../../src/main.ts', import.meta.url).pathname
export const adminKey = 'weir_test_key_of_the_end_to_end_tests_0123456789'
const maxLines = 5000

/**
 * The real server in a process of its own, started as a user would. It can be killed and started again on the same folder
 * and port. All its processes carry a mark by which they are found when their parent is gone.
 */
export class Weir implements AsyncDisposable {
  /** DATA_DIR and MEDIA_DIR. */
  readonly dataDir: string
  readonly mediaDir: string
  readonly url: string
  readonly api: GraphqlClient
  readonly lines: string[] = []
  readonly #folder: string
  readonly #ownsFolder: boolean
  readonly #env: NodeJS.ProcessEnv
  readonly #mark: string
  readonly #command: string[]
  #process: ChildProcess | null = null

  private constructor(folder: string, port: number, options: WeirOptions) {
    this.#folder = folder
    this.dataDir = join(folder, 'data')
    this.mediaDir = join(folder, 'media')
    this.#ownsFolder = options.folder === undefined
    this.#command = [...(options.wrapper ?? []), process.execPath, ...serverFlags, main]
    this.#mark = `weir-test-mark-${crypto.randomUUID()}`
    this.url = `http://127.0.0.1:${port}`
    this.api = new GraphqlClient(`${this.url}/graphql`, adminKey)
    this.#env = {
      ...process.env,
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: this.dataDir,
      MEDIA_DIR: this.mediaDir,
      ADMIN_KEY: adminKey,
      DEMO: 'false',
      WEBRTC_PORT: '0',
      WEBRTC_LISTEN_IP: '127.0.0.1',
      WEBRTC_ANNOUNCED_ADDRESS: '127.0.0.1',
      MEDIASOUP_WORKERS: '2',
      // Cameras, players and the callers of a whole test are on this machine.
      SOURCE_ALLOW_CIDRS: '127.0.0.0/8,::1',
      RATE_LIMIT_ADDRESS: '1000000',
      RATE_LIMIT_PROJECT: '1000000',
      MAX_SOCKETS_PER_ADDRESS: '50000',
      SECRET_KEY: 'dGhlIHNlY3JldCBrZXkgb2YgdGhlIHRlc3RzIDEyMzQ=',
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
      ...options.env,
      // FFmpeg gets no environment but PATH: a folder that doesn't exist marks it without changing anything.
      PATH: `${process.env.PATH}:/nonexistent/${this.#mark}`,
    }
  }

  /** A server that is ready. */
  static async start(options: WeirOptions = {}): Promise<Weir> {
    const weir = await Weir.prepare(options)
    await weir.start().catch(async (error) => {
      await weir[Symbol.asyncDispose]()
      throw error
    })
    return weir
  }

  /** A server that has its folder and port but does not run yet. */
  static async prepare(options: WeirOptions = {}): Promise<Weir> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'weir-e2e-')))
    const weir = new Weir(folder, await freeTcpPort(), options)
    const template = process.env.WEIR_TEST_TEMPLATE
    if (template && !options.folder) await cp(template, weir.dataDir, { recursive: true })
    return weir
  }

  /** Holds data and media. */
  get folder(): string {
    return this.#folder
  }

  get pid(): number {
    if (!this.#process?.pid) throw new Error('the server is not running')
    return this.#process.pid
  }

  get isRunning(): boolean {
    return this.#process !== null
  }

  /** Starts it; resolves when it is ready, with the time that took. Rejects, with its log, where it ends before that. */
  async start(): Promise<number> {
    const startedAt = performance.now()
    const exited = this.launch()
    let ended: WeirExit | null = null
    void exited.then((exit) => {
      ended = exit
    })
    await until(
      'the server is ready',
      async () => {
        if (ended) throw new Error(`the server ended (${ended.code ?? ended.signal}):\n${this.logTail()}`)
        const response = await fetch(`${this.url}/health/readiness`).catch(() => null)
        await response?.body?.cancel()
        return response?.ok
      },
      // A first start makes the database, which takes long on a busy machine.
      { timeoutMs: 120_000, explain: () => this.lines.slice(-30) },
    )
    return performance.now() - startedAt
  }

  /** Starts the process and waits for nothing; resolves when it has ended. */
  async launch(): Promise<WeirExit> {
    if (this.#process) throw new Error('the server is running already')
    const startedAt = performance.now()
    const child = spawn(this.#command[0]!, this.#command.slice(1), {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => {
        this.lines.push(line)
        if (this.lines.length > maxLines) this.lines.shift()
      })
    }
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    if (this.#process === child) this.#process = null
    return { code, signal, tookMs: performance.now() - startedAt }
  }

  logTail(lines = 60): string {
    return this.lines.slice(-lines).join('\n')
  }

  /** Sends a signal and waits for the process itself to be gone. */
  async end(signal: NodeJS.Signals): Promise<WeirExit> {
    const child = this.#process
    if (!child) throw new Error('the server is not running')
    const sentAt = performance.now()
    const gone = once(child, 'exit')
    child.kill(signal)
    const [code, by] = (await gone) as [number | null, NodeJS.Signals | null]
    this.#process = null
    return { code, signal: by, tookMs: performance.now() - sentAt }
  }

  /** Its children, their children and so on, and what it has left behind. */
  processes(): ProcessEntry[] {
    const all = new Map<number, ProcessEntry>()
    const own = this.#process?.pid
    for (const entry of own ? descendants(own, allProcesses()) : []) all.set(entry.pid, entry)
    for (const entry of processesMarked(this.#mark)) if (entry.pid !== own) all.set(entry.pid, entry)
    return [...all.values()]
  }

  /** Those of streams; the health check of FFmpeg itself runs one for a moment. */
  ffmpegs(): ProcessEntry[] {
    return this.processes().filter(({ name, commandLine }) => name === 'ffmpeg' && commandLine.includes('-progress'))
  }

  workers(): ProcessEntry[] {
    return this.processes().filter(({ name }) => name.startsWith('mediasoup-work'))
  }

  // Streams, by the public API.

  async createStream(input: CreateStreamInput): Promise<string> {
    const { createStream } = await this.api.request(documents.CreateTestStream, { input })
    return createStream!.id
  }

  /** Creates a stream, starts it and waits until it is LIVE and its FFmpeg is known. */
  async liveStream(input: Omit<CreateStreamInput, 'start'>): Promise<StreamView> {
    const id = await this.createStream({ ...input, start: true })
    return this.waitForStream(id, 'LIVE', ({ state, process }) => state === 'LIVE' && process?.pid != null)
  }

  async startStream(id: string): Promise<void> {
    await this.api.request(documents.StartTestStream, { id })
  }

  async stopStream(id: string): Promise<void> {
    await this.api.request(documents.StopTestStream, { id })
  }

  async restartStream(id: string): Promise<void> {
    await this.api.request(documents.RestartTestStream, { id })
  }

  async deleteStream(id: string): Promise<void> {
    await this.api.request(documents.DeleteTestStream, { id })
  }

  async stream(id: string): Promise<StreamView> {
    const { stream } = await this.api.request(documents.TestStream, { id })
    if (!stream) throw new Error(`no stream ${id}`)
    return stream
  }

  /** Resolves with the stream once it is so. */
  async waitForStream(
    id: string,
    what: string,
    isSo: (stream: StreamView) => boolean,
    timeoutMs = 30_000,
  ): Promise<StreamView> {
    let last: StreamView | null = null
    return until(
      `the stream is ${what}`,
      async () => {
        last = await this.stream(id)
        return isSo(last) && last
      },
      { timeoutMs, everyMs: 80, explain: () => ({ stream: last, log: this.lines.slice(-25) }) },
    )
  }

  /** What has happened to the stream, oldest first; the first 100. */
  async events(id: string, ...types: EventType[]): Promise<StreamEvent[]> {
    const { events } = await this.api.request(documents.TestStreamEvents, {
      subjectId: id,
      types: types.length > 0 ? types : null,
    })
    return (events?.nodes ?? [])
      .filter((node) => node !== null)
      .map(({ type, at, data }) => ({
        type: type as EventType,
        at: Date.parse(at),
        data: data as Record<string, unknown>,
      }))
  }

  /** Watches one stream by subscription; dispose it while the server runs. */
  watchStream(id: string): Watch<WatchTestStreamSubscription> {
    return watch(`${this.url}/graphql`, adminKey, documents.WatchTestStream, { id })
  }

  /** Deletes every stream and waits until no FFmpeg is left: for the next test on the same server. */
  async clear(): Promise<void> {
    const { streams } = await this.api.request(documents.TestStreams, {})
    await Promise.all((streams?.nodes ?? []).map((node) => node && this.deleteStream(node.id)))
    await until('no FFmpeg is left', () => this.ffmpegs().length === 0, { explain: () => this.ffmpegs() })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process) await this.end('SIGKILL')
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {}
    }
    if (this.#ownsFolder) await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
