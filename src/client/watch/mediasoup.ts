import type { TypedDocument } from '../document.ts'
import type { ConsumeMutation, OpenConsumerMutation } from '../operations/generated/graphql.ts'
import { connectConsumer, consume, resumeConsumer } from '../operations/sessions.ts'
import { failureOf, type Loaded, type OpenMedia, unwrapped } from './media.ts'
import type { PlayerSession } from './model.ts'
import { hideTracks, peerLooks, showTracks } from './peer.ts'

/** What is used of mediasoup-client. */
export interface MediasoupLibrary {
  readonly Device: new () => MediasoupDevice
}
interface MediasoupDevice {
  readonly loaded: boolean
  readonly recvRtpCapabilities: object
  load(options: { routerRtpCapabilities: never }): Promise<void>
  createRecvTransport(options: never): MediasoupTransport
}
interface MediasoupTransport {
  readonly connectionState: string
  // biome-ignore lint/suspicious/noExplicitAny: mediasoup-client types each event by its name, which a caller's copy brings along.
  on(event: any, listener: (...told: any[]) => void): unknown
  consume(options: never): Promise<{ readonly track: MediaStreamTrack }>
  getStats(): Promise<RTCStatsReport>
  close(): void
}

type Opened = NonNullable<OpenConsumerMutation['openConsumer']>
type Tracks = NonNullable<ConsumeMutation['consume']>

export interface MediasoupOptions {
  video: HTMLVideoElement
  load: () => Promise<Loaded<MediasoupLibrary>>
  /** Opens the session, or opens it again. */
  open: () => Promise<Opened>
  /** Asks by the session's own token. */
  ask: <Data, Variables>(token: string, document: TypedDocument<Data, Variables>, variables: Variables) => Promise<Data>
  /** Of a session that could not be played after it was opened. */
  putAway: (session: PlayerSession) => void
  signal: AbortSignal
}

interface Connecting {
  dtlsParameters: { role?: string; fingerprints: { algorithm: string; value: string }[] }
}

/** mediasoup's own signalling, in the order that openConsumer's description gives. */
export async function openMediasoup(options: MediasoupOptions): Promise<OpenMedia> {
  const { video, signal } = options
  const { Device } = unwrapped(await options.load())
  const opened = await options.open()
  const session = sessionOf(opened, 'mediasoup')
  const id = session.consumerId
  const ask = <Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables) =>
    options.ask(session.token, document, variables)
  let transport: MediasoupTransport | null = null
  try {
    signal.throwIfAborted()
    const device = new Device()
    await device.load({ routerRtpCapabilities: opened.routerRtpCapabilities as never })
    const own = device.createRecvTransport(opened.transportOptions as never)
    transport = own
    own.on('connect', ({ dtlsParameters }: Connecting, done: () => void, fail: (error: Error) => void) => {
      ask(connectConsumer, { id, dtlsParameters }).then(() => done(), fail)
    })
    const failed = new Promise<ReturnType<typeof failureOf>>((resolve) => {
      own.on('connectionstatechange', (state: string) => {
        if (state === 'failed' || state === 'closed') resolve(failureOf('the connection was lost'))
      })
    })
    const told = await ask(consume, { id, rtpCapabilities: device.recvRtpCapabilities })
    const tracks: Tracks = told.consume ?? []
    const consumers = await Promise.all(tracks.map(({ consumerOptions }) => own.consume(consumerOptions as never)))
    signal.throwIfAborted()
    const media = showTracks(
      video,
      consumers.map(({ track }) => track),
    )
    await ask(resumeConsumer, { id })
    return {
      session,
      look: peerLooks(
        video,
        () => own.getStats(),
        () => tracks.some(({ kind }) => kind === 'VIDEO'),
      ),
      failed,
      close() {
        own.close()
        hideTracks(video, media)
      },
    }
  } catch (error) {
    transport?.close()
    options.putAway(session)
    throw error
  }
}

export function sessionOf(opened: Opened, transport: PlayerSession['transport']): PlayerSession {
  const { consumer, token, heartbeatSeconds } = opened
  return { consumerId: String(consumer.id), token, heartbeatMs: heartbeatSeconds * 1000, transport }
}
