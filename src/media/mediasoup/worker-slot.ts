import type { Logger } from '../../platform/logs/logger.ts'
import {
  endWorkerProcess,
  startWorkerProcess,
  type WorkerProcess,
  type WorkerProcessOptions,
} from './worker-process.ts'
import { watchPulse } from './worker-pulse.ts'

/** A worker that lived this long dies for the first time again. */
export const steadyAfterMs = 60_000
const longestDelayMs = 30_000

/** How long to wait before replacing a worker that has died for the nth time in a row: at once, then 0.25 s, doubled up to 30 s. */
export function replacementDelayMs(deathsInARow: number): number {
  return deathsInARow <= 1 ? 0 : Math.min(longestDelayMs, 250 * 2 ** (deathsInARow - 2))
}

export interface WorkerSlotOptions extends WorkerProcessOptions {
  index: number
  pulseMs: number
  now: () => number
  log: Logger
}

/** One place in the pool, with a worker in it that is replaced whenever it dies. */
export class WorkerSlot {
  readonly index: number
  readonly #options: WorkerSlotOptions
  #current: WorkerProcess | null = null
  #started: Promise<WorkerProcess> | null = null
  #deathsInARow = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopWatching: () => void = () => {}
  #closed = false
  readonly #waiting = new Set<(running: WorkerProcess) => void>()

  constructor(options: WorkerSlotOptions) {
    this.index = options.index
    this.#options = options
  }

  /** Null while a dead worker is being replaced. */
  get current(): WorkerProcess | null {
    return this.#current
  }

  /** Starts the first worker; throws when that can't be done. */
  async start(): Promise<void> {
    await this.#start()
  }

  /** Calls back when a worker runs here. Returns the way to cancel. */
  onRunning(listener: (running: WorkerProcess) => void): () => void {
    this.#waiting.add(listener)
    return () => this.#waiting.delete(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#stopWatching()
    this.#waiting.clear()
    const running = await this.#started?.catch(() => null)
    this.#current = null
    if (running) await endWorkerProcess(running)
  }

  async #start(): Promise<void> {
    this.#started = startWorkerProcess(this.#options)
    const running = await this.#started
    if (this.#closed) return
    this.#current = running
    const startedAt = this.#options.now()
    const { log, pulseMs } = this.#options
    this.#stopWatching = watchPulse(running.worker, pulseMs, () =>
      log.error({ worker: this.index, pid: running.worker.pid }, 'A mediasoup worker does not answer and is killed'),
    )
    running.worker.once('died', (error) => {
      this.#current = null
      this.#stopWatching()
      if (this.#options.now() - startedAt >= steadyAfterMs) this.#deathsInARow = 0
      log.error({ err: error, worker: this.index, pid: running.worker.pid }, 'A mediasoup worker died')
      this.#replace()
    })
    for (const listener of [...this.#waiting]) listener(running)
  }

  #replace(): void {
    if (this.#closed) return
    this.#deathsInARow++
    this.#timer = setTimeout(() => {
      this.#start().then(
        () =>
          this.#options.log.info(
            { worker: this.index, pid: this.#current?.worker.pid },
            'A mediasoup worker was replaced',
          ),
        (error) => {
          this.#options.log.error({ err: error, worker: this.index }, 'A mediasoup worker could not be replaced')
          this.#replace()
        },
      )
    }, replacementDelayMs(this.#deathsInARow))
  }
}
