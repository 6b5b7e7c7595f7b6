import type { types } from 'mediasoup'
import type { MediaKind } from '../../streams/model.ts'
import { streamRouterCodecs } from './codecs.ts'
import type { PortRange } from './loopback-ports.ts'
import { type PayloadLayout, viewerRouterCodecs } from './payload-layout.ts'
import { receiveBufferBytes } from './receive-buffer.ts'
import type { WorkerProcess } from './worker-process.ts'

/** A router on which sessions of one stream sit: the stream's own, or one that is fed from it through a pipe. */
export interface Room {
  readonly router: types.Router
  readonly place: RoomPlace
  /** The producer here that carries the stream's producer. */
  producerOf(kind: MediaKind, source: types.Producer): Promise<types.Producer>
  close(): void
}

/** A worker of the pool, by its number and as it runs now. */
export interface RoomPlace {
  index: number
  running: WorkerProcess
}

/** The stream's own router. It goes with the stream, not with its last session. */
export function homeRoom(place: RoomPlace, router: types.Router): Room {
  return { place, router, producerOf: async (_kind, source) => source, close() {} }
}

export interface PipedRoomOptions {
  place: RoomPlace
  streamRouter: types.Router
  /** The payload types that players want; null: those of the stream's own router. */
  layout: PayloadLayout | null
  mediaPorts: PortRange
}

/** A room on any worker, fed from the stream's own router; a kind is piped when the first session needs it, and gone when its source is. */
export class PipedRoom implements Room {
  readonly router: types.Router
  readonly place: RoomPlace
  readonly #options: PipedRoomOptions
  readonly #piped = new Map<MediaKind, { sourceId: string; producer: Promise<types.Producer> }>()

  static async open(options: PipedRoomOptions): Promise<PipedRoom> {
    const mediaCodecs = options.layout ? viewerRouterCodecs(options.layout) : streamRouterCodecs()
    return new PipedRoom(await options.place.running.worker.createRouter({ mediaCodecs }), options)
  }

  private constructor(router: types.Router, options: PipedRoomOptions) {
    this.router = router
    this.place = options.place
    this.#options = options
  }

  producerOf(kind: MediaKind, source: types.Producer): Promise<types.Producer> {
    const known = this.#piped.get(kind)
    if (known?.sourceId === source.id) return known.producer
    const piped = { sourceId: source.id, producer: this.#pipe(source) }
    this.#piped.set(kind, piped)
    const forget = () => {
      if (this.#piped.get(kind) === piped) this.#piped.delete(kind)
    }
    piped.producer.then((producer) => producer.observer.once('close', forget), forget)
    return piped.producer
  }

  close(): void {
    this.router.close()
  }

  async #pipe(source: types.Producer): Promise<types.Producer> {
    const { pipeProducer } = await this.#options.streamRouter.pipeToRouter({
      producerId: source.id,
      router: this.router,
      // Rooms on one worker with the stream can not have its id a second time; so none has it.
      keepId: false,
      enableSctp: false,
      listenInfo: {
        protocol: 'udp',
        ip: '127.0.0.1',
        portRange: this.#options.mediaPorts,
        recvBufferSize: receiveBufferBytes,
      },
    })
    return pipeProducer!
  }
}
