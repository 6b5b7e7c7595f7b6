import { longestWaitMs } from '../nodes/sharing.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ProcessSample } from '../platform/metrics/source.ts'
import { type Handovers, nextHandovers } from './handover.ts'
import { StreamRunner } from './runner.ts'
import type { RunnerPorts } from './runner-ports.ts'
import { createRunnerStore } from './runner-store.ts'
import type { Spool } from './spool.ts'
import { spooledStore } from './spooled-store.ts'
import { streamsNeedingAttention } from './store.ts'
import type { LiveFigures, StreamFigures } from './types.ts'

/** Leases as the reconciler needs them. */
export interface StreamLeases {
  /** The new token, or null where another node holds it. */
  claim(resourceId: string): Promise<number | null>
  release(resourceId: string, token: number): Promise<void>
  /** Which of these somebody holds. */
  held(resourceIds: string[]): Promise<Set<string>>
  /** Calls back with what this node held and has lost. Returns the way to stop. */
  onLost(listener: (resourceId: string) => void): () => void
}

/** The nodes beside this one, as the reconciler needs them. */
export interface Neighbours {
  /** This node takes nothing new and hands over what it has. */
  readonly draining: boolean
  /** For how long it leaves something that is free to others, running `running` streams itself by now. */
  claimDelayMs(resourceId: string, running: number): number
  /** Could others take `count` more? */
  othersTake(count: number): boolean
}

export interface ReconcilerDeps {
  db: Database
  bus: Bus
  leases: StreamLeases
  neighbours: Neighbours
  nodeId: string
  /** What is seen while the database is away. */
  spool: Spool
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
  /** Left to others for a moment; at most `capacity`. */
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>()
  /** Not yet: what an earlier process of this node held has been claimed anew. */
  private reclaimed = false
  private handovers: Handovers = new Map()
  private readonly handedBack = new Set<StreamRunner>()
  /** Resolves when its lease has been released. */
  private readonly finishing = new Map<StreamRunner, Promise<void>>()
  private readonly stops: (() => void)[] = []
  private polling: Promise<void> = Promise.resolve()
  /** One is enough to wait for one that runs. */
  private pollWaits = false
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
    for (const timer of this.waiting.values()) clearTimeout(timer)
    this.waiting.clear()
    await this.polling
    await Promise.all([...this.runners.values()].map((runner) => this.handBack(runner)))
  }

  /** Each FFmpeg that runs now, as last sampled. */
  processes(): ProcessSample[] {
    return [...this.runners.values()].flatMap((runner) => runner.process() ?? [])
  }

  /** Who watches here now by WebRTC. */
  viewers(): number {
    return [...this.runners.values()].reduce((sum, runner) => sum + runner.figures().viewers, 0)
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
    if (this.stopping || this.pollWaits) return
    this.pollWaits = true
    this.polling = this.polling.then(async () => {
      this.pollWaits = false
      try {
        const { db, nodeId } = this.deps
        const found = await streamsNeedingAttention(db, { nodeId, reclaim: !this.reclaimed, limit: pollLimit })
        for (const { id, own } of found) this.look(id, own)
        this.reclaimed ||= found.length < pollLimit
        await this.handOver()
      } catch (error) {
        this.deps.logger.error({ error }, 'the orders could not be read; trying again')
      }
    })
  }

  private look(streamId: string, own = false): void {
    const runner = this.runners.get(streamId)
    if (runner || own) {
      if (runner) runner.wake()
      else void this.claim(streamId)
      return
    }
    if (!this.waiting.has(streamId)) this.claimInTurn(streamId, 0)
  }

  /** Claims what is free, unless others are better placed: then it looks again a moment later, for as long as anybody waits. */
  private claimInTurn(streamId: string, waitedMs: number): void {
    const { neighbours, capacity } = this.deps
    this.waiting.delete(streamId)
    if (neighbours.draining || this.stopping) return
    const delayMs = neighbours.claimDelayMs(streamId, this.runners.size + this.claiming.size)
    if (delayMs === 0 || waitedMs + delayMs > longestWaitMs) {
      void this.claim(streamId)
      return
    }
    if (this.waiting.size >= capacity) return
    this.waiting.set(
      streamId,
      setTimeout(() => this.claimInTurn(streamId, waitedMs + delayMs), delayMs),
    )
  }

  /** A node that is to be drained gives its streams to others, as far as there are any. */
  private async handOver(): Promise<void> {
    const { neighbours, leases } = this.deps
    if (!neighbours.draining) {
      this.handovers = new Map()
      return
    }
    const running = [...this.runners.keys()]
    const held = await leases.held([...this.handovers.keys()])
    const othersTake = (count: number) => neighbours.othersTake(count)
    const step = nextHandovers(this.handovers, { running, held, othersTake }, performance.now())
    this.handovers = step.next
    for (const id of step.handBack) {
      const runner = this.runners.get(id)
      if (runner) void this.handBack(runner)
    }
    for (const id of step.takeBack) void this.claim(id)
  }

  /** Resolves when another may take it. */
  private async handBack(runner: StreamRunner): Promise<void> {
    this.handedBack.add(runner)
    void runner.handBack()
    await this.finishing.get(runner)
  }

  private async claim(streamId: string): Promise<void> {
    const { deps } = this
    if (this.stopping || this.claiming.has(streamId) || this.runners.has(streamId)) return
    if (this.runners.size + this.claiming.size >= deps.capacity) return
    this.claiming.add(streamId)
    try {
      const token = await deps.leases.claim(streamId)
      if (token === null) return
      if (this.stopping) return await deps.leases.release(streamId, token)
      const { nodeId } = deps
      const direct = createRunnerStore(deps.db, streamId, { nodeId, token })
      const store = spooledStore(direct, deps.spool, { streamId, nodeId, token })
      const runner = new StreamRunner(streamId, token, store, deps.ports)
      this.runners.set(streamId, runner)
      const finished = runner.finished.then(() => this.finished(runner, token))
      this.finishing.set(runner, finished)
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
    this.finishing.delete(runner)
    this.deps.ports.changed(streamId)
    if (this.handedBack.delete(runner)) this.deps.bus.publish('orders', streamId)
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
