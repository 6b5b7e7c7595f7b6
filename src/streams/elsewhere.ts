import { WeirError } from '../errors.ts'
import type { OpenSegment } from '../media/segments/types.ts'
import type { NodeAddress, NodeCall } from '../nodes/call.ts'
import { lastKnown } from '../platform/last-known.ts'
import type { LiveFigures, StreamFigures } from './types.ts'

/** What a node does for others with the streams that it runs. Plain data in and out: it may come from another machine. */
export interface StreamMethods {
  figures(body: { streamIds: string[] }): Promise<StreamFigures[]>
  playlist(body: { streamId: string }): Promise<string | null>
}

export interface ElsewhereDeps {
  call: NodeCall<StreamMethods>
  /** Which other node runs each of these, as the database says; absent where none does. */
  owners(streamIds: string[]): Promise<Map<string, NodeAddress>>
  /** ms, only ever forward. */
  monotonic(): number
}

/** Whose a stream is is asked again after so long: many viewers ask for segments of the same one. */
const ownerCacheMs = 1000
const maxCachedOwners = 1000
/** A playlist of a stream that has just begun is waited for. */
const playlistDeadlineMs = 8000
/** A node that did not answer is not asked for figures for so long: what is missing is better than what is slow. */
const silenceMs = 5000
const maxSilent = 100

/** Streams that other nodes run, as if they were here. */
export class Elsewhere {
  private readonly deps: ElsewhereDeps
  private readonly cache = new Map<string, { owner: NodeAddress | null; until: number }>()
  private readonly readOwner: (streamId: string) => Promise<NodeAddress | null>
  private readonly silentUntil = new Map<string, number>()

  constructor(deps: ElsewhereDeps) {
    this.deps = deps
    this.readOwner = lastKnown(async (streamId) => (await deps.owners([streamId])).get(streamId) ?? null)
  }

  /** The other node that runs this stream; null where it is this one, or none. */
  async ownerOf(streamId: string): Promise<NodeAddress | null> {
    const now = this.deps.monotonic()
    const cached = this.cache.get(streamId)
    if (cached && cached.until > now) return cached.owner
    const owner = await this.readOwner(streamId)
    this.cache.delete(streamId)
    this.cache.set(streamId, { owner, until: now + ownerCacheMs })
    for (const [oldest] of this.cache) {
      if (this.cache.size <= maxCachedOwners) break
      this.cache.delete(oldest)
    }
    return owner
  }

  playlist(node: NodeAddress, streamId: string): Promise<string | null> {
    return this.deps.call.call(node, 'playlist', { streamId }, playlistDeadlineMs)
  }

  /** A segment of another node, handed through as it comes; null where there is none. */
  async openSegment(node: NodeAddress, path: string): Promise<OpenSegment | null> {
    const { call } = this.deps
    const head = await call.get(node, path, { method: 'HEAD' })
    if (head.status === 404) return null
    const sizeBytes = Number(head.headers.get('content-length'))
    if (!head.ok || !(sizeBytes > 0)) {
      throw new WeirError('UNAVAILABLE', `The node ${node.name} does not give the segment.`)
    }
    return {
      sizeBytes,
      read(start, end) {
        const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
        const send = async () => {
          const response = await call.get(node, path, { method: 'GET', range: `bytes=${start}-${end}` })
          if (!response.ok || !response.body) throw new Error(`the segment's node answered ${response.status}`)
          await response.body.pipeTo(writable)
        }
        send().catch((error) => writable.abort(error).catch(() => {}))
        return readable
      },
      async close() {},
    }
  }

  /** Figures from here and, a question a node, from the others. A node that doesn't answer leaves its streams out. */
  figures(local: LiveFigures): LiveFigures {
    const { call, owners, monotonic } = this.deps
    return {
      read: async (streamIds) => {
        const found = await local.read(streamIds)
        const missing = streamIds.filter((id) => !found.has(id))
        if (missing.length === 0) return found
        const byNode = new Map<string, { node: NodeAddress; streamIds: string[] }>()
        for (const [streamId, node] of await owners(missing)) {
          const asked = byNode.get(node.id) ?? { node, streamIds: [] }
          asked.streamIds.push(streamId)
          byNode.set(node.id, asked)
        }
        await Promise.all(
          [...byNode.values()].map(async ({ node, streamIds: theirs }) => {
            if ((this.silentUntil.get(node.id) ?? 0) > monotonic()) return
            try {
              const answer = await call.call(node, 'figures', { streamIds: theirs })
              for (const figures of answer) found.set(figures.streamId, figures)
              this.silentUntil.delete(node.id)
            } catch {
              if (this.silentUntil.size >= maxSilent) this.silentUntil.clear()
              this.silentUntil.set(node.id, monotonic() + silenceMs)
            }
          }),
        )
        return found
      },
    }
  }
}
