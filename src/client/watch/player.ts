import type { TypedDocument } from '../document.ts'
import { WeirError } from '../errors.ts'
import type { OpenConsumerMutation } from '../operations/generated/graphql.ts'
import { openConsumer, reopenConsumer } from '../operations/sessions.ts'
import { onWake } from '../wakeups.ts'
import { type HlsLibrary, openHls } from './hls.ts'
import { step } from './machine.ts'
import { failureOf, type Loaded, type OpenMedia } from './media.ts'
import { type MediasoupLibrary, openMediasoup, sessionOf } from './mediasoup.ts'
import { noFigures, type PlayerSession, type PlayerStatus, type Transport } from './model.ts'
import { type LinkSettings, SessionLink, sayGoodbye, sessionRequest } from './session-link.ts'
import { idlePlayer, nextAt, type PlayerEffect, type PlayerEvent, type PlayerState, statusOf } from './state.ts'
import { openWhep } from './whep.ts'

export interface WatchOptions {
  /** In the order in which they are tried; all that can be had where it is left out: mediasoup, WHEP, HLS. */
  transports?: readonly Transport[]
  /** `() => import('mediasoup-client')`. */
  loadMediasoup?: () => Promise<Loaded<MediasoupLibrary>>
  /** `() => import('hls.js')`. */
  loadHls?: () => Promise<Loaded<HlsLibrary>>
  /** How the player is called in lists of sessions; a random name where it is left out. */
  clientId?: string
  /** On whose account it watches. */
  source?: string
  /** A place that was kept for it: mediasoup and HLS. */
  reservationId?: string
  /** A session that was opened for this player elsewhere (openConsumer on your server): it needs no key of its own. */
  session?: { consumerId: string; token: string; heartbeatSeconds: number }
  onStatus?: (status: PlayerStatus) => void
}

export interface Watch {
  readonly status: PlayerStatus
  /** Says goodbye, and leaves the video element alone. */
  stop(): void
  /** Plays again after `stop`, or after it has ended. */
  start(): void
  /** Whether the stream is said to be live: while it is not, a still picture is no reason to begin anew. */
  setLive(live: boolean): void
}

/** What the client gives its players. */
export interface PlayerHost {
  base: string
  link: Omit<LinkSettings, 'onClosed'>
  /** With the caller's own key. */
  request: <Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables) => Promise<Data>
  headers: () => Promise<Record<string, string>>
  hasCredential: boolean
}

const lookMs = 500

/** Keeps one stream playing on one video element. It carries out what the machine decides, and tells it what happens. */
export class Player implements Watch {
  readonly #host: PlayerHost
  readonly #streamId: string
  readonly #video: HTMLVideoElement
  readonly #options: WatchOptions
  readonly #stopListening: (() => void)[] = []
  readonly #clock = forwardClock()
  #state: PlayerState
  #status: PlayerStatus
  #opening: AbortController | null = null
  #media: OpenMedia | null = null
  /** Closed only when its session has a new connection: the server would take its goodbye for the session's. */
  #lingering: OpenMedia | null = null
  #link: SessionLink | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #looking: ReturnType<typeof setTimeout> | undefined
  #left = false

  constructor(host: PlayerHost, streamId: string, video: HTMLVideoElement, options: WatchOptions) {
    this.#host = host
    this.#streamId = streamId
    this.#video = video
    this.#options = { clientId: `player-${crypto.randomUUID()}`, ...options }
    const transports = transportsOf(options, host, video)
    const { consumerId, token, heartbeatSeconds } = options.session ?? {}
    const given =
      consumerId && token
        ? { consumerId, token, heartbeatMs: (heartbeatSeconds ?? 30) * 1000, transport: transports[0]! }
        : null
    this.#state = idlePlayer(transports, given)
    this.#status = statusOf(this.#state)
    this.start()
  }

  get status(): PlayerStatus {
    return this.#status
  }

  start(): void {
    this.#listen()
    this.#tell({ type: 'start' })
  }

  stop(): void {
    for (const stop of this.#stopListening.splice(0)) stop()
    this.#tell({ type: 'stop' })
  }

  setLive(live: boolean): void {
    this.#tell({ type: 'live', live })
  }

  #tell(event: PlayerEvent): void {
    const { state, effects } = step(this.#state, event, this.#clock(), Math.random())
    this.#state = state
    for (const effect of effects) this.#run(effect)
    clearTimeout(this.#timer)
    const at = nextAt(this.#state)
    if (at !== null) this.#timer = setTimeout(() => this.#tell({ type: 'tick' }), Math.max(0, at - this.#clock()))
    const status = statusOf(this.#state)
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return
    this.#status = status
    if (status.phase === 'ENDED') for (const stop of this.#stopListening.splice(0)) stop()
    this.#options.onStatus?.(status)
  }

  #run(effect: PlayerEffect): void {
    switch (effect.do) {
      case 'open':
        void this.#open(effect.attempt, effect.transport, effect.session)
        break
      case 'drop':
        this.#drop()
        break
      case 'follow':
        this.#follow(effect.session)
        break
      case 'unfollow':
        this.#link?.close()
        this.#link = null
        this.#lingering?.close()
        this.#lingering = null
        break
      case 'beat':
        void this.#beat(effect.session)
        break
      case 'goodbye':
        sayGoodbye(this.#host.link.http, effect.session.consumerId, effect.session.token)
        break
    }
  }

  async #open(attempt: number, transport: Transport, session: PlayerSession | null): Promise<void> {
    const opening = new AbortController()
    this.#opening = opening
    try {
      const media = await this.#openBy(transport, session, opening.signal)
      this.#lingering?.close()
      this.#lingering = null
      if (opening.signal.aborted) media.close()
      else {
        this.#media = media
        void media.failed.then((failure) => this.#media === media && this.#tell({ type: 'failed', attempt, failure }))
      }
      this.#tell({ type: 'opened', attempt, session: media.session })
      void this.#look(attempt, media)
    } catch (error) {
      if (!opening.signal.aborted) this.#tell({ type: 'failed', attempt, failure: failureOf(error) })
    }
  }

  #openBy(transport: Transport, session: PlayerSession | null, signal: AbortSignal): Promise<OpenMedia> {
    if (transport === 'whep') return this.#openWhep(session, signal)
    if (transport === 'hls') return this.#openHls(session)
    const { http } = this.#host.link
    return openMediasoup({
      video: this.#video,
      load: this.#options.loadMediasoup ?? (() => Promise.reject(new Error('loadMediasoup is not given'))),
      open: () => this.#openSession('MEDIASOUP', session),
      ask: (token, document, variables) => sessionRequest(http, token, document, variables),
      // One that was there before is still held by the machine.
      putAway: (opened) => session ?? sayGoodbye(http, opened.consumerId, opened.token),
      signal,
    })
  }

  async #openWhep(session: PlayerSession | null, signal: AbortSignal): Promise<OpenMedia> {
    const { base, link, headers } = this.#host
    const url = new URL(`/whep/${this.#streamId}`, base)
    const { clientId, source } = this.#options
    if (clientId) url.searchParams.set('client', clientId)
    if (source) url.searchParams.set('source', source)
    return openWhep({
      url: url.href,
      video: this.#video,
      headers: await headers(),
      session,
      fetch: link.http.fetch,
      signal,
    })
  }

  async #openHls(known: PlayerSession | null): Promise<OpenMedia> {
    const opened = await this.#hlsSession(known)
    const session = opened && sessionOf(opened, 'hls')
    const url = new URL(opened?.url ?? `/hls/${this.#streamId}/index.m3u8`, this.#host.base)
    return openHls({
      url: url.href,
      video: this.#video,
      headers: await this.#host.headers(),
      session,
      load: this.#options.loadHls ?? null,
    })
  }

  /** Null where the stream has to be played without a session: with no key, or one that may not open any. */
  async #hlsSession(known: PlayerSession | null): Promise<Opened | null> {
    if (!known && !this.#host.hasCredential) return null
    try {
      return await this.#openSession('HLS', known)
    } catch (error) {
      if (!known && error instanceof WeirError && error.code === 'FORBIDDEN') return null
      throw error
    }
  }

  async #openSession(protocol: 'MEDIASOUP' | 'HLS', known: PlayerSession | null): Promise<Opened> {
    if (known) {
      const { http } = this.#host.link
      const answer = await sessionRequest(http, known.token, reopenConsumer, { id: known.consumerId })
      return answer.reopenConsumer!
    }
    const { clientId = '', source = null, reservationId = null } = this.#options
    const input = { streamId: this.#streamId, clientId, source, reservationId, protocol }
    // Sent twice it opens one session: an answer that was lost costs no place.
    const idempotencyKey = crypto.randomUUID()
    const { openConsumer: opened } = await this.#host.request(openConsumer, { input, idempotencyKey })
    return opened!
  }

  async #look(attempt: number, media: OpenMedia): Promise<void> {
    if (this.#media !== media) return
    const look = await Promise.resolve(media.look()).catch(() => null)
    if (this.#media !== media) return
    if (look) this.#tell({ type: 'looked', attempt, look })
    this.#looking = setTimeout(() => void this.#look(attempt, media), lookMs)
  }

  #drop(): void {
    this.#opening?.abort(new DOMException('The attempt was given up.', 'AbortError'))
    clearTimeout(this.#looking)
    if (this.#media && this.#state.session && this.#state.phase !== 'ENDED' && this.#state.phase !== 'IDLE') {
      this.#lingering?.close()
      this.#lingering = this.#media
    } else this.#media?.close()
    this.#media = null
  }

  #follow(session: PlayerSession): void {
    this.#media?.renew?.(session.token)
    if (this.#link?.consumerId === session.consumerId) {
      this.#link.renew(session.token)
      return
    }
    this.#link?.close()
    const { consumerId } = session
    this.#link = new SessionLink(consumerId, session.token, {
      ...this.#host.link,
      onClosed: (closeReason, message) => this.#tell({ type: 'closed', consumerId, closeReason, message }),
    })
  }

  async #beat({ consumerId }: PlayerSession): Promise<void> {
    const link = this.#link
    if (link?.consumerId !== consumerId) return
    const { run } = this.#state
    try {
      const answer = await link.beat(run?.look?.figures ?? noFigures)
      const { accepted, closeReason, closeMessage: message, token } = answer
      if (!accepted) {
        this.#tell({ type: 'closed', consumerId, closeReason, message })
        return
      }
      this.#tell({ type: 'beaten', consumerId, token })
    } catch (error) {
      this.#tell({ type: 'beatFailed', consumerId, code: error instanceof WeirError ? error.code : 'INTERNAL' })
    }
  }

  #listen(): void {
    if (this.#stopListening.length > 0) return
    const leave = () => {
      this.#left = this.#state.phase !== 'IDLE' && this.#state.phase !== 'ENDED'
      if (this.#left) this.#tell({ type: 'stop' })
    }
    // From the cache of pages that were left: as if nothing had been.
    const comeBack = () => {
      if (this.#left) this.#tell({ type: 'start' })
      this.#left = false
    }
    window.addEventListener('pagehide', leave)
    window.addEventListener('pageshow', comeBack)
    this.#stopListening.push(
      onWake(() => this.#tell({ type: 'woke' })),
      () => window.removeEventListener('pagehide', leave),
      () => window.removeEventListener('pageshow', comeBack),
    )
  }
}

type Opened = NonNullable<OpenConsumerMutation['openConsumer']>

/** Those that can be had here. mediasoup's signalling needs who may open sessions, WHEP and HLS may be public. */
function transportsOf(options: WatchOptions, host: PlayerHost, video: HTMLVideoElement): Transport[] {
  if (options.transports?.length) return [...options.transports]
  const mayOpen = host.hasCredential || options.session !== undefined
  const nativeHls = video.canPlayType('application/vnd.apple.mpegurl') !== ''
  return [
    ...(options.loadMediasoup && mayOpen ? (['mediasoup'] as const) : []),
    'whep',
    ...(options.loadHls || nativeHls ? (['hls'] as const) : []),
  ]
}

/** ms of a clock that goes on while the machine sleeps, and never backwards. */
function forwardClock(): () => number {
  let last = Date.now()
  let elapsed = 0
  return () => {
    const now = Date.now()
    elapsed += Math.max(0, now - last)
    last = now
    return elapsed
  }
}
