import type { types } from 'mediasoup'
import type { SessionNotice, SessionRef, TransportOptions } from '../../consumers/media.ts'
import { WeirError } from '../../errors.ts'
import type { Logger } from '../../platform/logs/logger.ts'
import type { MediaKind } from '../../streams/model.ts'
import type { PortRange } from './loopback-ports.ts'
import { layoutOf, type PayloadLayout, receiveCapabilities } from './payload-layout.ts'
import { placeSession, type WorkerLoad } from './placement.ts'
import type { Room, RoomPlace } from './room.ts'
import { Session, type SessionTimes } from './session.ts'
import { StreamRooms } from './stream-rooms.ts'
import { announcedCandidates } from './whep-answer.ts'
import { chooseMedia, type WhepOffer } from './whep-offer.ts'
import { WhepSession } from './whep-session.ts'

export interface StreamSessionsOptions {
  streamId: string
  home: RoomPlace
  streamRouter: types.Router
  /** The stream's open producers now. */
  sources: () => Map<MediaKind, types.Producer>
  /** The workers that run, with the sessions of all streams on each. */
  workers: () => (RoomPlace & { sessions: number })[]
  sessionsPerWorker: number
  mediaPorts: PortRange
  announcedAddresses: string[]
  times: SessionTimes
  now: () => number
  log: Logger
  onNotice: (notice: SessionNotice) => void
  /** Once for each session that was opened, whoever ended it. */
  onClosed: (session: Session) => void
}

/** One stream's sessions, and the rooms that they sit in. */
export class StreamSessions {
  readonly #options: StreamSessionsOptions
  readonly #rooms: StreamRooms
  readonly #sessions = new Set<Session>()
  /** Places taken on each worker by number, those of sessions that are being opened with them. */
  readonly #places = new Map<number, number>()
  #closed = false

  constructor(options: StreamSessionsOptions) {
    this.#options = options
    this.#rooms = new StreamRooms(options)
  }

  get connectedCount(): number {
    return [...this.#sessions].filter((session) => session.connected).length
  }

  /** Sessions on each worker, and those that are being opened there. */
  get places(): ReadonlyMap<number, number> {
    return this.#places
  }

  /** Opens a transport for mediasoup's signalling. */
  openSession(ref: SessionRef): Promise<Session> {
    return this.#open(ref, null)
  }

  /** What the player of a session makes its transport of. */
  transportOptions({ transport }: Session): TransportOptions {
    const { id, iceParameters, dtlsParameters } = transport
    const iceCandidates = announcedCandidates(transport.iceCandidates, this.#options.announcedAddresses)
    return { id, iceParameters, iceCandidates, dtlsParameters }
  }

  /** Answers an offer. Throws UNSUPPORTED_MEDIA, INVALID_STATE (no producer is open), CAPACITY_EXCEEDED. */
  async openWhep(ref: SessionRef, offer: WhepOffer): Promise<WhepSession> {
    const { sources, streamId, announcedAddresses } = this.#options
    const open = sources()
    if (open.size === 0) throw new WeirError('INVALID_STATE', 'No producer of the stream is open.')
    const chosen = chooseMedia(offer, open.keys())
    const sections = new Map([...chosen.values()].map((section) => [section.kind, section]))
    const layout = layoutOf(sections.values())
    const session = await this.#open(ref, layout)
    try {
      await session.connect({ role: offer.dtls.role, fingerprints: [offer.dtls.fingerprint] })
      const tracks = await session.receive((kind) => {
        const section = sections.get(kind)
        if (!section) return null
        const rtpCapabilities = receiveCapabilities(section, layout)
        return { rtpCapabilities, mid: section.mid, takesNewSsrcs: offer.takesNewSsrcs, paused: false }
      })
      if (tracks.length === 0) throw new WeirError('INVALID_STATE', 'No producer of the stream is open.')
      session.expectConnection()
      return new WhepSession(session, offer, chosen, tracks, { streamId, announcedAddresses })
    } catch (error) {
      session.close()
      throw error
    }
  }

  /** Gives a producer to the players that take new SSRCs. */
  async renew(kind: MediaKind, source: types.Producer): Promise<void> {
    const sessions = [...this.#sessions]
    const results = await Promise.allSettled(sessions.map((session) => session.renew(kind, source)))
    for (const [index, result] of results.entries()) {
      const session = sessions[index]!
      if (result.status === 'fulfilled' || session.closed || source.closed) continue
      const { consumerId } = session.ref
      this.#options.log.warn({ err: result.reason, consumerId }, 'A session could not be given a producer anew')
      session.lose()
    }
  }

  close(): void {
    this.#closed = true
    for (const session of [...this.#sessions]) session.lose()
  }

  async #open(ref: SessionRef, layout: PayloadLayout | null): Promise<Session> {
    const place = this.#place()
    this.#count(place.index, 1)
    let leave = () => {}
    let opened: Session | undefined
    let left = false
    const onClose = () => {
      if (left) return
      left = true
      this.#count(place.index, -1)
      leave()
      if (opened && this.#sessions.delete(opened)) this.#options.onClosed(opened)
    }
    try {
      const entered = await this.#rooms.enter(place, layout)
      leave = entered.leave
      opened = await this.#openIn(entered.room, ref, onClose)
      if (left || this.#closed) throw new WeirError('INVALID_STATE', 'The stream has been closed.')
      this.#sessions.add(opened)
      return opened
    } catch (error) {
      opened?.close()
      onClose()
      throw error
    }
  }

  #openIn(room: Room, ref: SessionRef, onClose: () => void): Promise<Session> {
    const { times, now, sources, onNotice } = this.#options
    return Session.open({ ref, room, times, now, sources, onNotice, onClose })
  }

  #place(): RoomPlace {
    const { home, workers, sessionsPerWorker } = this.#options
    const running = workers()
    const loads = running.map<WorkerLoad>(({ index, sessions }) => ({
      index,
      sessions,
      sessionsOfStream: this.#places.get(index) ?? 0,
    }))
    const index = placeSession(loads, home.index, sessionsPerWorker)
    return running.find((place) => place.index === index) ?? home
  }

  #count(index: number, change: number): void {
    const count = (this.#places.get(index) ?? 0) + change
    if (count > 0) this.#places.set(index, count)
    else this.#places.delete(index)
  }
}
