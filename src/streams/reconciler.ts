import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ProcessSample } from '../platform/metrics/source.ts'
import { StreamRunner } from './runner.ts'
import type { RunnerPorts } from './runner-ports.ts'
import { createRunnerStore } from './runner-store.ts'
import { streamsNeedingAttention } from './store.ts'
import type { LiveFigures, StreamFigures } from './types.ts'

/** Leases as the reconciler needs them. */
export interface StreamLeases {
  /** The new token, or null where another node holds it. */
  claim(resourceId: string): Promise<number | null>
  release(resourceId: string, token: number): Promise<void>
  /** Calls back with what this node held and has lost. Returns the way to stop. */
  onLost(listener: (resourceId: string) => void): () => void
}

export interface ReconcilerDeps {
  db: Database
  bus: Bus
  leases: StreamLeases
  nodeId: string
  /** Streams that this node runs at most. */
  capacity: number
  ports: RunnerPorts
  checkIntervalMs: number
  logger: Logger
}

/** The poll is the truth; wake-ups only make it faster. */
const pollMs = 1000
const pollLimit = 200

/** Gives each stream that this node may run a runner, wakes it for orders, and samples all of them once a second. */
export class Reconciler implements LiveFigures {
  private readonly deps: ReconcilerDeps
  private readonly runners = new Map<string, StreamRunner>()
  private readonly claiming = new Set<string>()
  private readonly stops: (() => void)[] = []
  private polling: Promise<void> = Promise.resolve()
  private sampling = false
  private stopping = false

  constructor(deps: ReconcilerDeps) {
    this.deps = deps
  }

  start(): void {
    const { bus, leases, checkIntervalMs } = this.deps
    const poll = setInterval(() => this.poll(), pollMs)
    const sample = setInterval(() => void this.sample(), checkIntervalMs)
    this.stops.push(
      () => clearInterval(poll),
      () => clearInterval(sample),
      bus.subscribe('orders', (streamId) => this.look(streamId)),
      leases.onLost((streamId) => void this.runners.get(streamId)?.abandon()),
    )
    this.poll()
  }

  /** Takes no new work, hands every stream back and waits until nothing runs. */
  async stop(): Promise<void> {
    this.stopping = true
    for (const stop of this.stops.splice(0)) stop()
    await this.polling
    await Promise.all([...this.runners.values()].map((runner) => runner.handBack()))
  }

  /** Each FFmpeg that runs now, as last sampled. */
  processes(): ProcessSample[] {
    return [...this.runners.values()].flatMap((runner) => runner.process() ?? [])
  }

  async read(streamIds: string[]): Promise<Map<string, StreamFigures>> {
    const found = new Map<string, StreamFigures>()
    for (const id of streamIds) {
      const runner = this.runners.get(id)
      if (runner) found.set(id, runner.figures())
    }
    return found
  }

  private poll(): void {
    if (this.stopping) return
    this.polling = this.polling.then(async () => {
      try {
        const ids = await streamsNeedingAttention(this.deps.db, this.deps.nodeId, pollLimit)
        for (const id of ids) this.look(id)
      } catch (error) {
        this.deps.logger.error({ error }, 'the orders could not be read; trying again')
      }
    })
  }

  private look(streamId: string): void {
    const runner = this.runners.get(streamId)
    if (runner) runner.wake()
    else void this.claim(streamId)
  }

  private async claim(streamId: string): Promise<void> {
    const { deps } = this
    if (this.stopping || this.claiming.has(streamId) || this.runners.size + this.claiming.size >= deps.capacity) return
    this.claiming.add(streamId)
    try {
      const token = await deps.leases.claim(streamId)
      if (token === null) return
      if (this.stopping) return await deps.leases.release(streamId, token)
      const store = createRunnerStore(deps.db, streamId, { nodeId: deps.nodeId, token })
      const runner = new StreamRunner(streamId, token, store, deps.ports)
      this.runners.set(streamId, runner)
      void runner.finished.then(() => this.finished(runner, token))
    } catch (error) {
      deps.logger.error({ error, streamId }, 'the stream could not be claimed; trying again')
    } finally {
      this.claiming.delete(streamId)
    }
  }

  private async finished(runner: StreamRunner, token: number): Promise<void> {
    const { streamId } = runner
    this.runners.delete(streamId)
    try {
      await this.deps.leases.release(streamId, token)
    } catch (error) {
      this.deps.logger.warn({ error, streamId }, 'the lease could not be released; it will expire')
    }
    this.deps.ports.changed(streamId)
    // An order that came while it was coming to rest woke nobody.
    this.poll()
  }

  private async sample(): Promise<void> {
    if (this.sampling) return
    this.sampling = true
    for (const runner of [...this.runners.values()]) await runner.sample()
    this.sampling = false
  }
}
