import type { types } from 'mediasoup'
import type {
  SessionFigures,
  SessionMethods,
  SessionNotice,
  SessionRef,
  SessionTrack,
  TransportOptions,
  WhepPatched,
} from '../../consumers/media.ts'
import { WeirError } from '../../errors.ts'
import type { Logger } from '../../platform/logs/logger.ts'
import type { MediaKind } from '../../streams/model.ts'
import type { Session } from './session.ts'
import type { StreamSessions } from './stream-sessions.ts'
import { parseWhepOffer } from './whep-offer.ts'
import type { WhepSession } from './whep-session.ts'

export interface SessionsOptions {
  /** On this node at a time. */
  maxConsumers: number
  /** The sessions of a stream that is open here. */
  ofStream: (streamId: string) => StreamSessions | null
  now: () => number
  log: Logger
}

/** Sessions that are asked for their figures at a time; each is up to three requests to its worker. */
const figuresAtATime = 64
/** Figures are asked for again after so long. */
const figuresFreshMs = 1000

interface Opened {
  session: Session
  whep: WhepSession | null
  streamSessions: StreamSessions
}

interface Entry {
  ref: SessionRef
  /** What it was opened for: the same is answered alike, anything else is refused. */
  purpose: string
  opening: Promise<Opened>
  opened: Opened | null
  /** Closed, perhaps before it was open. */
  closed: boolean
  figures: { at: number; answer: Promise<SessionFigures> } | null
}

type TransportAnswer = { routerRtpCapabilities: types.RtpCapabilities; transportOptions: TransportOptions }

/** The sessions of this node, by their ids: what other parts and other nodes ask of them. */
export class Sessions implements SessionMethods {
  readonly #options: SessionsOptions
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<(notice: SessionNotice) => void>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#entries.size
  }

  /** Those that are here, opening ones with them. */
  list(): SessionRef[] {
    return [...this.#entries.values()].map(({ ref }) => ref)
  }

  /** Calls back with each notice, at once and in order. Returns the way to stop. */
  onNotice(listener: (notice: SessionNotice) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async openTransport({ streamId, ...of }: SessionRef & { streamId: string }): Promise<TransportAnswer> {
    const ref = refOf(of)
    const { session, streamSessions } = await this.#open(ref, streamId, 'mediasoup', async (streamSessions) => ({
      session: await streamSessions.openSession(ref),
      whep: null,
      streamSessions,
    }))
    return {
      routerRtpCapabilities: session.room.router.rtpCapabilities,
      transportOptions: streamSessions.transportOptions(session),
    }
  }

  async openWhep(body: SessionRef & { streamId: string; offer: string }): Promise<{ answer: string; etag: string }> {
    const ref = refOf(body)
    const offer = parseWhepOffer(body.offer)
    const { whep } = await this.#open(ref, body.streamId, body.offer, async (streamSessions) => {
      const opened = await streamSessions.openWhep(ref, offer)
      return { session: opened.session, whep: opened, streamSessions }
    })
    return { answer: whep!.answer, etag: whep!.etag }
  }

  async consume(body: SessionRef & { rtpCapabilities: types.RtpCapabilities }): Promise<SessionTrack[]> {
    return (await this.#signalled(body)).consume(body.rtpCapabilities)
  }

  async connect(body: SessionRef & { dtlsParameters: types.DtlsParameters }): Promise<void> {
    await (await this.#signalled(body)).connect(body.dtlsParameters)
  }

  async setPaused(body: SessionRef & { kinds: MediaKind[] | null; paused: boolean }): Promise<void> {
    const { session } = await this.#find(body)
    await session.setPaused(body.kinds, body.paused)
  }

  async restartIce(body: SessionRef): Promise<types.IceParameters> {
    return (await this.#signalled(body)).restartIce()
  }

  async patchWhep(body: SessionRef & { fragment: string; ifMatch?: string | null }): Promise<WhepPatched> {
    const { whep } = await this.#find(body)
    if (!whep) throw new WeirError('INVALID_STATE', 'The session was not opened by WHEP.')
    return whep.patch(body.fragment, body.ifMatch ?? null)
  }

  async close(body: SessionRef): Promise<boolean> {
    const entry = this.#entries.get(body.consumerId)
    if (!entry || entry.ref.incarnation !== body.incarnation) return false
    this.#close(entry)
    return true
  }

  /** Sessions whose figures can not be had are left out. */
  async sessionFigures({ consumerIds }: { consumerIds: string[] }): Promise<SessionFigures[]> {
    const entries = [...new Set(consumerIds)].flatMap((id) => this.#entries.get(id) ?? [])
    const answers: SessionFigures[] = []
    const ask = async (queue: Iterator<Entry>): Promise<void> => {
      for (let next = queue.next(); !next.done; next = queue.next()) {
        const figures = await this.#figures(next.value)?.catch(() => null)
        if (figures) answers.push(figures)
      }
    }
    const queue = entries.values()
    await Promise.all(Array.from({ length: Math.min(figuresAtATime, entries.length) }, () => ask(queue)))
    return answers
  }

  /** Ends all without a word. */
  closeAll(): void {
    for (const entry of [...this.#entries.values()]) this.#close(entry)
  }

  /** To be called with each notice of a session, and when one has closed. */
  readonly events = {
    onNotice: (notice: SessionNotice): void => {
      for (const listener of this.#listeners) {
        try {
          listener(notice)
        } catch (error) {
          this.#options.log.error({ err: error }, 'A notice of a session was not taken')
        }
      }
    },
    onClosed: ({ ref }: Session): void => {
      const entry = this.#entries.get(ref.consumerId)
      if (entry?.ref === ref) this.#entries.delete(ref.consumerId)
    },
  }

  async #open(
    ref: SessionRef,
    streamId: string,
    what: string,
    make: (streamSessions: StreamSessions) => Promise<Opened>,
  ): Promise<Opened> {
    const purpose = `${streamId} ${what}`
    const known = this.#entries.get(ref.consumerId)
    if (known?.ref.incarnation === ref.incarnation) {
      if (known.purpose === purpose) return known.opening
      throw new WeirError('CONFLICT', 'The session has been opened in another way.')
    }
    if (known && known.ref.incarnation > ref.incarnation) throw notHere()
    const streamSessions = this.#options.ofStream(streamId)
    if (!streamSessions) throw new WeirError('INVALID_STATE', 'The stream is not running here.')
    if (known) this.#close(known)
    this.#requireRoom()
    const entry: Entry = {
      ref,
      purpose,
      opening: this.#opened(make(streamSessions), () => entry),
      opened: null,
      closed: false,
      figures: null,
    }
    this.#entries.set(ref.consumerId, entry)
    return entry.opening
  }

  async #opened(making: Promise<Opened>, entryOf: () => Entry): Promise<Opened> {
    try {
      const opened = await making
      const entry = entryOf()
      entry.opened = opened
      if (!entry.closed && !opened.session.closed) return opened
      opened.session.close()
      throw new WeirError('INVALID_STATE', 'The session was closed while it was being opened.')
    } catch (error) {
      const entry = entryOf()
      if (this.#entries.get(entry.ref.consumerId) === entry) this.#entries.delete(entry.ref.consumerId)
      if (error instanceof WeirError) throw error
      this.#options.log.warn({ err: error, consumerId: entry.ref.consumerId }, 'A session could not be opened')
      throw new WeirError('UNAVAILABLE', 'The session could not be opened; try again.', {}, { cause: error })
    }
  }

  #requireRoom(): void {
    const { maxConsumers } = this.#options
    if (this.#entries.size < maxConsumers) return
    throw new WeirError('CAPACITY_EXCEEDED', `This node carries ${maxConsumers} sessions already.`, {
      needed: 1,
      available: 0,
    })
  }

  #close(entry: Entry): void {
    entry.closed = true
    if (this.#entries.get(entry.ref.consumerId) === entry) this.#entries.delete(entry.ref.consumerId)
    entry.opened?.session.close()
  }

  async #find({ consumerId, incarnation }: SessionRef): Promise<Opened> {
    const entry = this.#entries.get(consumerId)
    if (!entry || entry.ref.incarnation !== incarnation) throw notHere()
    return entry.opening
  }

  /** One of mediasoup's signalling: those by WHEP have said all in their offer. */
  async #signalled(body: SessionRef): Promise<Session> {
    const { session, whep } = await this.#find(body)
    if (whep) throw new WeirError('INVALID_STATE', 'The session was opened by WHEP.')
    return session
  }

  #figures(entry: Entry): Promise<SessionFigures> | null {
    if (!entry.opened) return null
    const now = this.#options.now()
    const { figures } = entry
    if (figures && Math.abs(now - figures.at) < figuresFreshMs) return figures.answer
    entry.figures = { at: now, answer: entry.opened.session.figures() }
    return entry.figures.answer
  }
}

function refOf({ consumerId, incarnation }: SessionRef): SessionRef {
  return { consumerId, incarnation }
}

function notHere(): WeirError {
  return new WeirError('NOT_FOUND', 'The session is not here.')
}
