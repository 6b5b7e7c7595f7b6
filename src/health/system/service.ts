import type { Database } from '../../platform/database/database.ts'
import type { Logger } from '../../platform/logs/logger.ts'
import type { StreamState } from '../../streams/model.ts'
import type { Check } from './check.ts'
import { Checker, errorText } from './checker.ts'
import type { ComponentHealth, NodeHealth, ProjectFacts, SystemHealth } from './model.ts'
import type { SystemHealthReader } from './reader.ts'
import { componentsOf, messageOf, staleMs, summarize, worst } from './rules.ts'
import { type NodeSample, sampleOf, slowestMs } from './sample.ts'
import {
  countStreamsOfNode,
  deleteForgottenNodes,
  deleteNodeHealth,
  noFacts,
  readOtherNodes,
  readProjectFacts,
  saveNodeHealth,
} from './store.ts'

export interface SystemHealthOptions {
  db: Database
  nodeId: string
  checks: readonly Check[]
  intervalMs: number
  deadlineMs: number
  cacheMs: number
  activeProcesses: () => number
  /** Sessions by WebRTC that are connected at this node, for its samples. */
  activeConsumers: () => number
  /** Given a sample of this node once a round. */
  record?: (sample: NodeSample) => void
  logger: Logger
  now?: () => number
  clock?: () => number
}

/** What is known of the rest of the system, as of the last time that the database told. */
interface Rest {
  nodes: NodeHealth[]
  projects: Map<string, ProjectFacts> | null
  /** Those that this node runs. */
  ownStreams: Partial<Record<StreamState, number>>
  /** ms since the epoch. */
  at: number
}

/** What the database told is held to be true for so long. */
const factsMs = 30_000
const databaseDeadlineMs = 5000
const settleMs = 1000

/** Checks the components every interval, tells the other nodes by a row, and reads theirs. */
export class SystemHealthService implements SystemHealthReader {
  readonly #options: Required<SystemHealthOptions>
  readonly #checker: Checker
  readonly #listeners = new Set<() => void>()
  #rest: Rest = { nodes: [], projects: null, ownStreams: {}, at: 0 }
  #isFailing = false
  #exchanging: Promise<void> | null = null
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(options: SystemHealthOptions) {
    this.#options = { now: Date.now, clock: () => performance.now(), record: () => {}, ...options }
    const { checks, nodeId, deadlineMs, cacheMs, logger, now, clock } = this.#options
    const changed = () => this.#tell()
    this.#checker = new Checker({ checks, nodeId, deadlineMs, cacheMs, logger, now, clock, changed })
  }

  /** Looks at once, and from then on every interval. */
  start(): void {
    void this.round()
    this.#timer = setInterval(() => void this.round(), this.#options.intervalMs)
  }

  /** Looks no more; the other nodes are told that this one is gone. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#checker.stop()
    this.#listeners.clear()
    const gone = async () => {
      await this.#exchanging
      await deleteNodeHealth(this.#options.db, this.#options.nodeId)
    }
    await atMost(
      gone().catch(() => {}),
      settleMs,
    )
  }

  /** One look at everything that is due, and the exchange with the other nodes. Never rejects. */
  async round(): Promise<void> {
    const checked = this.#checker.run()
    // The others are told of this round, unless a check takes long.
    await atMost(checked, settleMs)
    this.#exchanging ??= this.#exchange().finally(() => {
      this.#exchanging = null
    })
    this.#record()
    // A database that hangs holds up nothing but the next exchange.
    await Promise.all([checked, atMost(this.#exchanging, databaseDeadlineMs)])
    this.#tell()
  }

  #record(): void {
    const { nodeId, now, activeConsumers, record } = this.#options
    const at = now()
    const isKnown = at - this.#rest.at < factsMs
    const streamsByState = isKnown ? this.#rest.ownStreams : null
    record(sampleOf(this.own(), { at, nodeId, activeConsumers: activeConsumers(), streamsByState }))
  }

  async #exchange(): Promise<void> {
    const { logger } = this.#options
    // Each by itself: a disk that is full lets nothing be written, and yet all can be read.
    const results = await Promise.allSettled([this.#readRest(), this.#report()])
    const failed = results.find((result) => result.status === 'rejected')
    if (failed && !this.#isFailing) {
      const context = { logger: 'health', error: errorText(failed.reason) }
      logger.warn(context, 'the health of this node could not be exchanged with the others')
    }
    this.#isFailing = failed !== undefined
  }

  async #readRest(): Promise<void> {
    const { db, nodeId, now } = this.#options
    const [others, projects, ownStreams] = await Promise.all([
      readOtherNodes(db, nodeId),
      readProjectFacts(db),
      countStreamsOfNode(db, nodeId),
    ])
    const at = now()
    this.#rest = {
      nodes: others.map(({ silentMs, ...node }) => ({ ...node, reportedAt: at - silentMs })),
      projects,
      ownStreams,
      at,
    }
  }

  async #report(): Promise<void> {
    const { db, nodeId, activeProcesses } = this.#options
    await saveNodeHealth(db, { nodeId, components: this.own(), activeProcesses: activeProcesses() })
    await deleteForgottenNodes(db)
  }

  own(): ComponentHealth[] {
    return this.#checker.current()
  }

  read(projectId: string): SystemHealth {
    const { now, activeProcesses } = this.#options
    const at = now()
    const { nodes, projects } = this.#rest
    const own = this.own()
    const isDatabaseThere = own.every(({ component, status }) => component !== 'DATABASE' || status === 'HEALTHY')
    const isKnown = projects !== null && isDatabaseThere && at - this.#rest.at < factsMs
    const facts = isKnown ? (projects.get(projectId) ?? noFacts()) : null
    const components = [...own, ...nodes.flatMap((node) => componentsOf(node, at))]
    // What a node did that does not report any more is not counted; without the database nobody knows what the others do.
    const others = isKnown || nodes.length === 0 ? nodes.filter((node) => at - node.reportedAt < staleMs) : null
    const sum = (here: number, of: (node: NodeHealth) => number) =>
      others === null ? null : others.reduce((total, node) => total + of(node), here)
    return {
      status: worst(components.map(({ status }) => status)),
      message: messageOf(components),
      at: Math.max(0, ...components.map(({ checkedAt }) => checkedAt)) || at,
      durationMs: slowestMs(own),
      components,
      summary: summarize(components),
      streamsByState: facts?.streamsByState ?? null,
      activeProcesses: sum(activeProcesses(), (node) => node.activeProcesses),
      activeProducers: facts?.activeProducers ?? null,
      activeConsumers: facts?.activeConsumers ?? null,
    }
  }

  onChange(listener: () => void): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Resolves with `promise`, or after so long. */
async function atMost(promise: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([promise, late])
  clearTimeout(timer)
}
