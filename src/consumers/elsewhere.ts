import { WeirError } from '../errors.ts'
import type { NodeAddress, NodeCall } from '../nodes/call.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { ClosedSession } from './closing.ts'
import type { SessionFigures, SessionMethods } from './media.ts'
import type { ConsumerRow } from './types.ts'

export interface SessionNodesDeps {
  call: NodeCall<SessionMethods>
  /** This node. */
  selfId: string
  /** Where nodes are reached; unknown ones are absent. */
  findNodes: (ids: readonly string[]) => Promise<Map<string, NodeAddress>>
  /** ms, only ever forward. */
  monotonic: () => number
  logger: Logger
}

/** A node's address is asked for again after so long. */
const addressGoodForMs = 5000
const maxAddresses = 200
/** A transport is made in milliseconds; a worker that is being replaced takes seconds. */
const openDeadlineMs = 8000
/** Sessions of one node that are hung up at a time. */
const hungUpAtATime = 20
/** A node that did not answer is not asked for figures for so long: what is missing is better than what is slow. */
const silenceMs = 5000
const slowMethods: ReadonlySet<keyof SessionMethods> = new Set(['openTransport', 'openWhep'])

type Body<Name extends keyof SessionMethods> = Parameters<SessionMethods[Name]>[0]
type Answer<Name extends keyof SessionMethods> = Awaited<ReturnType<SessionMethods[Name]>>

/** Sessions where their transports are: at this node or at another. */
export class SessionNodes {
  private readonly deps: SessionNodesDeps
  private readonly addresses = new Map<string, { node: NodeAddress; until: number }>()
  private readonly silentUntil = new Map<string, number>()

  constructor(deps: SessionNodesDeps) {
    this.deps = deps
  }

  /** Asks the node for one thing. Throws what the method throws; UNAVAILABLE where the node does not answer. */
  async ask<Name extends keyof SessionMethods & string>(
    nodeId: string,
    method: Name,
    body: Body<Name>,
  ): Promise<Answer<Name>> {
    const node = (await this.addressesOf([nodeId])).get(nodeId)
    if (!node) throw new WeirError('UNAVAILABLE', 'The node of the session is gone.', { retryAfterSeconds: 2 })
    const deadline = slowMethods.has(method) ? openDeadlineMs : undefined
    return (await this.deps.call.call(node, method, body as never, deadline)) as Answer<Name>
  }

  /**
   * Ends the transports of sessions that are closed or opened elsewhere by now. What can't be reached ends them itself, as soon as it looks at its
   * sessions.
   */
  async hangUp(sessions: readonly Pick<ClosedSession, 'id' | 'incarnation' | 'mediaNodeId'>[]): Promise<void> {
    const byNode = Map.groupBy(
      sessions.filter(({ mediaNodeId }) => mediaNodeId !== null),
      ({ mediaNodeId }) => mediaNodeId!,
    )
    await Promise.all([...byNode].map(([nodeId, theirs]) => this.hangUpAt(nodeId, theirs)))
  }

  /** Statistics by session; of a node that does not answer none. */
  async figures(rows: readonly ConsumerRow[]): Promise<Map<string, SessionFigures>> {
    const byNode = Map.groupBy(
      rows.filter(({ mediaNodeId, state }) => mediaNodeId !== null && state !== 'CLOSED'),
      ({ mediaNodeId }) => mediaNodeId!,
    )
    const found = new Map<string, SessionFigures>()
    await Promise.all(
      [...byNode].map(async ([nodeId, theirs]) => {
        if ((this.silentUntil.get(nodeId) ?? 0) > this.deps.monotonic()) return
        try {
          const answers = await this.ask(nodeId, 'sessionFigures', { consumerIds: theirs.map(({ id }) => id) })
          for (const figures of answers) found.set(figures.consumerId, figures)
          this.silentUntil.delete(nodeId)
        } catch {
          if (this.silentUntil.size >= maxAddresses) this.silentUntil.clear()
          this.silentUntil.set(nodeId, this.deps.monotonic() + silenceMs)
        }
      }),
    )
    return found
  }

  private async hangUpAt(nodeId: string, sessions: readonly Pick<ClosedSession, 'id' | 'incarnation'>[]) {
    const queue = sessions.values()
    const work = async () => {
      for (const { id, incarnation } of queue) await this.ask(nodeId, 'close', { consumerId: id, incarnation })
    }
    try {
      await Promise.all(Array.from({ length: Math.min(hungUpAtATime, sessions.length) }, work))
    } catch (error) {
      this.deps.logger.debug({ error, nodeId }, 'sessions could not be hung up: their node looks for itself')
    }
  }

  private async addressesOf(ids: readonly string[]): Promise<Map<string, NodeAddress>> {
    const { selfId, monotonic, findNodes } = this.deps
    const found = new Map<string, NodeAddress>()
    const unknown: string[] = []
    for (const id of ids) {
      const known = this.addresses.get(id)
      if (id === selfId) found.set(id, { id, name: id, url: null })
      else if (known && known.until > monotonic()) found.set(id, known.node)
      else unknown.push(id)
    }
    if (unknown.length === 0) return found
    if (this.addresses.size + unknown.length > maxAddresses) this.addresses.clear()
    for (const [id, node] of await findNodes(unknown)) {
      this.addresses.set(id, { node, until: monotonic() + addressGoodForMs })
      found.set(id, node)
    }
    return found
  }
}
