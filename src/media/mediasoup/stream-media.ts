import type { types } from 'mediasoup'
import { WeirError } from '../../errors.ts'
import type { MediaKind } from '../../streams/model.ts'
import type { RtpTarget } from '../ffmpeg/types.ts'
import type { RoomPlace } from './room.ts'
import { StreamSessions, type StreamSessionsOptions } from './stream-sessions.ts'
import { TrackInput, type TrackInputOptions } from './track-input.ts'
import type { ProducerFigures, ProducerSpec, StreamMedia, VideoTap } from './types.ts'
import { openVideoTap } from './video-tap.ts'

type InputOptions = Omit<TrackInputOptions, 'router' | 'streamId'>
type SessionsOptions = Omit<StreamSessionsOptions, 'streamId' | 'home' | 'streamRouter' | 'sources'>

export interface MediasoupStreamOptions {
  streamId: string
  home: RoomPlace
  router: types.Router
  input: InputOptions
  sessions: SessionsOptions
  /** Called once, when it is closed or its worker has died. */
  onGone: () => void
}

interface FirstPacketWatch {
  listener: (kind: MediaKind) => void
  seen: Set<MediaKind>
  cancels: Map<TrackInput, () => void>
}

/** A stream in mediasoup: one router, an input a track, the sessions. */
export class MediasoupStream implements StreamMedia {
  readonly streamId: string
  readonly workerPid: number
  readonly lost: Promise<void>
  readonly sessions: StreamSessions
  readonly #options: MediasoupStreamOptions
  readonly #inputs = new Map<MediaKind, TrackInput>()
  /** Kinds whose input is being made. */
  readonly #opening = new Set<MediaKind>()
  readonly #watches = new Set<FirstPacketWatch>()
  readonly #resolveLost: () => void
  #state: 'open' | 'closed' | 'lost' = 'open'

  constructor(options: MediasoupStreamOptions) {
    const { streamId, home, router } = options
    this.streamId = streamId
    this.workerPid = home.running.worker.pid
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.lost = promise
    this.#resolveLost = resolve
    this.sessions = new StreamSessions({
      ...options.sessions,
      streamId,
      home,
      streamRouter: router,
      sources: () => this.#producers(),
    })
    router.once('workerclose', () => this.#gone('lost'))
  }

  async rtpTarget(kind: MediaKind): Promise<RtpTarget | null> {
    this.#requireOpen()
    const input = this.#inputs.get(kind)
    if (!input) return null
    const { target, isNewProcess } = await input.target()
    if (isNewProcess) await this.sessions.renew(kind, input.producer)
    return target
  }

  onFirstPacket(listener: (kind: MediaKind) => void): () => void {
    const watch: FirstPacketWatch = { listener, seen: new Set(), cancels: new Map() }
    this.#watches.add(watch)
    for (const input of this.#inputs.values()) watchInput(watch, input)
    return () => {
      this.#watches.delete(watch)
      for (const cancel of watch.cancels.values()) cancel()
    }
  }

  async addProducer(spec: ProducerSpec): Promise<void> {
    this.#requireOpen()
    const { kind } = spec
    if (this.#inputs.has(kind) || this.#opening.has(kind)) {
      throw new WeirError('CONFLICT', `The stream has an open ${kind} producer already.`)
    }
    this.#opening.add(kind)
    try {
      const { router, input: options } = this.#options
      const input = await TrackInput.open(spec, { ...options, router, streamId: this.streamId })
      if (this.#state !== 'open') {
        input.close()
        this.#requireOpen()
      }
      this.#inputs.set(kind, input)
      for (const watch of this.#watches) watchInput(watch, input)
      await this.sessions.renew(kind, input.producer)
    } finally {
      this.#opening.delete(kind)
    }
  }

  async closeProducer(id: string): Promise<void> {
    for (const [kind, input] of this.#inputs) {
      if (input.producer.id !== id) continue
      this.#inputs.delete(kind)
      for (const watch of this.#watches) watch.cancels.delete(input)
      input.close()
    }
  }

  figures(): Promise<ProducerFigures[]> {
    this.#requireOpen()
    return Promise.all([...this.#inputs.values()].map((input) => input.figures()))
  }

  async tapVideo(): Promise<VideoTap | null> {
    this.#requireOpen()
    const input = this.#inputs.get('VIDEO')
    if (!input) return null
    const { router, input: options } = this.#options
    return openVideoTap({ ...options, router, producer: input.producer })
  }

  viewerCount(): number {
    return this.sessions.connectedCount
  }

  /** mediasoup's own producer, to look at. */
  producer(kind: MediaKind): types.Producer | null {
    return this.#inputs.get(kind)?.producer ?? null
  }

  async close(): Promise<void> {
    this.#gone('closed')
  }

  /** Throws INVALID_STATE when it was closed, UNAVAILABLE when its worker died. */
  #requireOpen(): void {
    if (this.#state === 'closed') throw new WeirError('INVALID_STATE', 'The stream has been closed.')
    if (this.#state === 'lost') throw new WeirError('UNAVAILABLE', 'The media worker of the stream has died.')
  }

  #producers(): Map<MediaKind, types.Producer> {
    return new Map([...this.#inputs].map(([kind, input]) => [kind, input.producer]))
  }

  #gone(state: 'closed' | 'lost'): void {
    if (this.#state !== 'open') return
    this.#state = state
    this.sessions.close()
    for (const input of this.#inputs.values()) input.close()
    this.#inputs.clear()
    this.#watches.clear()
    this.#options.router.close()
    this.#options.onGone()
    if (state === 'lost') this.#resolveLost()
  }
}

function watchInput(watch: FirstPacketWatch, input: TrackInput): void {
  if (watch.seen.has(input.kind)) return
  const cancel = input.onFirstPacket(() => {
    watch.cancels.delete(input)
    if (watch.seen.has(input.kind)) return
    watch.seen.add(input.kind)
    watch.listener(input.kind)
  })
  watch.cancels.set(input, cancel)
}
