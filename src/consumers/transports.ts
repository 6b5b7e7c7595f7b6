import type { types } from 'mediasoup'
import { WeirError } from '../errors.ts'
import type { Database } from '../platform/database/database.ts'
import type { MediaWait } from '../streams/media-wait.ts'
import type { StreamState } from '../streams/model.ts'
import type { StreamRow } from '../streams/types.ts'
import { sessionClosed } from './access.ts'
import type { SessionNodes } from './elsewhere.ts'
import type { SessionMethods, SessionTrack } from './media.ts'
import * as store from './store.ts'
import { type SessionTimes, tokenFor } from './times.ts'
import type { ConsumerRow, OpenedSession, SessionTokens } from './types.ts'

export interface TransportsDeps {
  db: Database
  nodes: Pick<SessionNodes, 'ask'>
  media: MediaWait
  tokens: SessionTokens
  times: SessionTimes
  /** ms since the epoch. */
  now: () => number
}

/** What its node has of a stream in these states is not there yet, or goes. */
const starting: ReadonlySet<StreamState> = new Set(['STARTING', 'STOPPED', 'STOPPING'])

type Answer = Awaited<ReturnType<SessionMethods['openTransport']>>

/** How sessions come by their transports, and what is asked of those: at the node that runs the stream. */
export function createTransports({ db, nodes, media, tokens, times, now }: TransportsDeps) {
  /**
   * Makes the transport of a session at the node that runs its stream, and says before where that is: what the node notices of it counts from the
   * first moment. Where the stream is only starting it waits for its media.
   */
  async function atNode<T>(
    consumer: ConsumerRow,
    stream: StreamRow,
    make: (nodeId: string) => Promise<T>,
  ): Promise<{ made: T; consumer: ConsumerRow }> {
    const place = async ({ mediaNodeId }: StreamRow) => {
      if (mediaNodeId === null)
        throw new WeirError('UNAVAILABLE', 'No node runs the stream now.', { retryAfterSeconds: 2 })
      if (consumer.mediaNodeId !== mediaNodeId) {
        if (!(await store.saveMediaNode(db, consumer, mediaNodeId))) throw await closedMeanwhile(consumer.id)
      }
      return { made: await make(mediaNodeId), consumer: { ...consumer, mediaNodeId } }
    }
    if (stream.mediaNodeId === null || starting.has(stream.state)) return place(await media.waitForMedia(stream))
    try {
      return await place(stream)
    } catch (error) {
      // It is being started, or has just moved.
      if (!(error instanceof WeirError) || error.code !== 'INVALID_STATE') throw error
      return place(await media.waitForMedia(stream))
    }
  }

  async function closedMeanwhile(id: string): Promise<WeirError> {
    const row = await store.findConsumer(db, id)
    if (row?.state === 'CLOSED') return sessionClosed(row)
    return new WeirError('CONFLICT', 'The session has been opened again meanwhile.')
  }

  function answer(consumer: ConsumerRow, transport: Answer | null, tracks: SessionTrack[]): OpenedSession {
    return {
      consumer,
      ...tokenFor(tokens, times, consumer, now()),
      heartbeatSeconds: times.heartbeatSeconds,
      timeoutSeconds: times.timeoutSeconds,
      routerRtpCapabilities: transport?.routerRtpCapabilities ?? null,
      transportOptions: transport?.transportOptions ?? null,
      tracks,
    }
  }

  /** By mediasoup's signalling the transport, and the tracks where it is known what the player takes. */
  async function attach(
    consumer: ConsumerRow,
    stream: StreamRow,
    rtpCapabilities: types.RtpCapabilities | null,
  ): Promise<OpenedSession> {
    if (consumer.protocol !== 'MEDIASOUP') {
      if (stream.onDemand && stream.state !== 'LIVE') await media.waitForMedia(stream)
      return answer(consumer, null, [])
    }
    const ref = { consumerId: consumer.id, incarnation: consumer.incarnation }
    const { made, consumer: placed } = await atNode(consumer, stream, async (nodeId) => {
      const transport = await nodes.ask(nodeId, 'openTransport', { ...ref, streamId: stream.id })
      const tracks = rtpCapabilities ? await nodes.ask(nodeId, 'consume', { ...ref, rtpCapabilities }) : []
      return { transport, tracks }
    })
    return answer(placed, made.transport, made.tracks)
  }

  async function attachWhep(consumer: ConsumerRow, stream: StreamRow, offer: string) {
    const body = { consumerId: consumer.id, incarnation: consumer.incarnation, streamId: stream.id, offer }
    const { made, consumer: placed } = await atNode(consumer, stream, (nodeId) => nodes.ask(nodeId, 'openWhep', body))
    return { ...answer(placed, null, []), ...made }
  }

  /** Asks the node of the session's transport. INVALID_STATE where it has none (any more). */
  async function askNode<Name extends keyof SessionMethods & string>(
    row: ConsumerRow,
    method: Name,
    body: Omit<Parameters<SessionMethods[Name]>[0], 'consumerId' | 'incarnation'>,
  ): Promise<Awaited<ReturnType<SessionMethods[Name]>>> {
    if (row.protocol === 'HLS') throw new WeirError('INVALID_STATE', 'A session by HLS has no transport.')
    if (row.mediaNodeId === null) throw noTransport()
    const ref = { consumerId: row.id, incarnation: row.incarnation }
    try {
      return await nodes.ask(row.mediaNodeId, method, { ...body, ...ref } as Parameters<SessionMethods[Name]>[0])
    } catch (error) {
      throw error instanceof WeirError && error.code === 'NOT_FOUND' ? noTransport() : error
    }
  }

  return { attach, attachWhep, askNode }
}

function noTransport(): WeirError {
  return new WeirError('INVALID_STATE', 'The session has no transport (any more): open it again by reopenConsumer.')
}
