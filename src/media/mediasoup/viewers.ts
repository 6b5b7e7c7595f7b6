import type { types } from 'mediasoup'
import { WeirError } from '../../errors.ts'
import type { Logger } from '../../platform/logs/logger.ts'
import type { MediaKind } from '../../streams/model.ts'
import type { PortRange } from './loopback-ports.ts'
import { layoutKey, layoutOf, type PayloadLayout } from './payload-layout.ts'
import type { WhepSession } from './types.ts'
import { Viewer, type ViewerTimes } from './viewer.ts'
import { ViewerRouter } from './viewer-router.ts'
import { writeWhepAnswer } from './whep-answer.ts'
import { chooseMedia, type OfferedCodec, type WhepOffer } from './whep-offer.ts'

/** Layouts of payload types that one stream is served in at a time; the browsers of today make about five. */
export const maxLayouts = 16

export interface StreamViewersOptions {
  streamId: string
  worker: types.Worker
  webRtcServer: types.WebRtcServer
  streamRouter: types.Router
  /** The stream's open producers now. */
  sources: () => Map<MediaKind, types.Producer>
  mediaPorts: PortRange
  announcedAddresses: string[]
  times: ViewerTimes
  log: Logger
  onOpened: (viewer: Viewer) => void
  onClosed: (viewer: Viewer) => void
}

/** One stream's viewers. A layout's router lives from its first viewer to its last: an idle one would still be fed. */
export class StreamViewers {
  readonly #options: StreamViewersOptions
  readonly #rooms = new Map<string, { router: Promise<ViewerRouter>; users: number }>()
  readonly #viewers = new Set<Viewer>()
  /** Viewers, and those that are being opened. */
  #places = 0

  constructor(options: StreamViewersOptions) {
    this.#options = options
  }

  get connectedCount(): number {
    return [...this.#viewers].filter((viewer) => viewer.connected).length
  }

  /**
   * Answers an offer; `maxViewers` bounds those of this stream. Throws UNSUPPORTED_MEDIA, INVALID_STATE (no producer is open),
   * QUOTA_EXCEEDED or CAPACITY_EXCEEDED.
   */
  async open(offer: WhepOffer, maxViewers: number | null): Promise<WhepSession> {
    if (maxViewers !== null && this.#places >= maxViewers) {
      throw new WeirError('QUOTA_EXCEEDED', `This stream takes ${maxViewers} viewers at a time, and has them.`, {
        needed: 1,
        available: 0,
      })
    }
    const { sources, streamId, announcedAddresses } = this.#options
    const open = sources()
    if (open.size === 0) throw new WeirError('INVALID_STATE', 'No producer of the stream is open.')
    const chosen = chooseMedia(offer, open.keys())
    const viewer = await this.#openViewer(offer, [...chosen.values()])
    try {
      const sent = new Map<number, types.RtpParameters>()
      for (const [index, { kind }] of chosen) {
        const rtpParameters = await viewer.consume(kind, open.get(kind)!)
        if (rtpParameters) sent.set(index, rtpParameters)
      }
      const { iceParameters, iceCandidates, dtlsParameters } = viewer.transport
      const answer = writeWhepAnswer(offer, {
        sessionId: crypto.getRandomValues(new Uint32Array(1))[0]!,
        streamId,
        iceParameters,
        iceCandidates,
        announcedAddresses,
        dtlsParameters,
        sent,
      })
      return { id: viewer.id, answer }
    } catch (error) {
      viewer.close()
      throw error
    }
  }

  /** Gives a producer to the viewers that take its kind and new SSRCs; to the others it can only be given by a new session. */
  async renew(kind: MediaKind, source: types.Producer): Promise<void> {
    const viewers = [...this.#viewers].filter((viewer) => viewer.takesNewSsrcs)
    const results = await Promise.allSettled(viewers.map((viewer) => viewer.consume(kind, source)))
    for (const [index, result] of results.entries()) {
      const viewer = viewers[index]!
      if (result.status === 'fulfilled' || viewer.transport.closed || source.closed) continue
      this.#options.log.warn({ err: result.reason, viewer: viewer.id }, 'A viewer could not be given a producer anew')
      viewer.close()
    }
  }

  close(): void {
    for (const viewer of [...this.#viewers]) viewer.close()
  }

  async #openViewer(offer: WhepOffer, sections: OfferedCodec[]): Promise<Viewer> {
    const layout = layoutOf(sections)
    this.#places++
    const room = await this.#enter(layout).catch((error) => {
      this.#places--
      throw error
    })
    let opened: Viewer | undefined
    let left = false
    const leave = () => {
      if (left) return
      left = true
      this.#places--
      this.#leave(layout)
      if (opened && this.#viewers.delete(opened)) this.#options.onClosed(opened)
    }
    try {
      const { webRtcServer, times } = this.#options
      opened = await Viewer.open(room, webRtcServer, offer, sections, times, leave)
      if (left) throw new WeirError('INVALID_STATE', 'The stream has been closed.')
      this.#viewers.add(opened)
      this.#options.onOpened(opened)
      return opened
    } catch (error) {
      leave()
      throw error
    }
  }

  async #enter(layout: PayloadLayout): Promise<ViewerRouter> {
    const key = layoutKey(layout)
    let room = this.#rooms.get(key)
    if (!room) {
      if (this.#rooms.size >= maxLayouts) {
        throw new WeirError('CAPACITY_EXCEEDED', 'The stream is being watched in too many layouts of payload types.', {
          needed: 1,
          available: 0,
        })
      }
      const { worker, streamRouter, mediaPorts } = this.#options
      room = { router: ViewerRouter.open(worker, streamRouter, layout, mediaPorts), users: 0 }
      this.#rooms.set(key, room)
    }
    room.users++
    try {
      return await room.router
    } catch (error) {
      this.#leave(layout)
      throw error
    }
  }

  #leave(layout: PayloadLayout): void {
    const key = layoutKey(layout)
    const room = this.#rooms.get(key)
    if (!room || --room.users > 0) return
    this.#rooms.delete(key)
    room.router.then(
      (router) => router.close(),
      () => {},
    )
  }
}
