import type { types } from 'mediasoup'
import type { MediaKind } from '../../streams/model.ts'
import type { PortRange } from './loopback-ports.ts'
import { type PayloadLayout, viewerRouterCodecs } from './payload-layout.ts'
import { receiveBufferBytes } from './receive-buffer.ts'

/** A router on which one stream is consumed under one layout of payload types, fed from the stream's own router. */
export class ViewerRouter {
  readonly router: types.Router
  readonly layout: PayloadLayout
  readonly #streamRouter: types.Router
  readonly #mediaPorts: PortRange
  readonly #piped = new Map<MediaKind, { sourceId: string; producer: Promise<types.Producer> }>()

  static async open(
    worker: types.Worker,
    streamRouter: types.Router,
    layout: PayloadLayout,
    mediaPorts: PortRange,
  ): Promise<ViewerRouter> {
    const router = await worker.createRouter({ mediaCodecs: viewerRouterCodecs(layout) })
    return new ViewerRouter(router, streamRouter, layout, mediaPorts)
  }

  private constructor(router: types.Router, streamRouter: types.Router, layout: PayloadLayout, mediaPorts: PortRange) {
    this.router = router
    this.layout = layout
    this.#streamRouter = streamRouter
    this.#mediaPorts = mediaPorts
  }

  /** The producer here that carries the stream's producer; piped when the first viewer needs it, gone when its source is. */
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
    const { pipeProducer } = await this.#streamRouter.pipeToRouter({
      producerId: source.id,
      router: this.router,
      // Both routers are on one worker, where an id can be there only once.
      keepId: false,
      enableSctp: false,
      listenInfo: {
        protocol: 'udp',
        ip: '127.0.0.1',
        portRange: this.#mediaPorts,
        recvBufferSize: receiveBufferBytes,
      },
    })
    return pipeProducer!
  }
}
