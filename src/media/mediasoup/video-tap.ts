import type { types } from 'mediasoup'
import type { LoopbackPorts, PortPair, PortRange } from './loopback-ports.ts'
import type { VideoTap } from './types.ts'

export interface VideoTapOptions {
  router: types.Router
  producer: types.Producer
  ports: LoopbackPorts
  mediaPorts: PortRange
}

/** A way out of one producer to a program on this machine, as a viewer is; gone with the producer. */
export async function openVideoTap({ router, producer, ports, mediaPorts }: VideoTapOptions): Promise<VideoTap> {
  const local = await ports.allocate()
  let transport: types.PlainTransport | undefined
  try {
    const listenInfo = { protocol: 'udp', ip: '127.0.0.1', portRange: mediaPorts } as const
    transport = await router.createPlainTransport({ listenInfo, rtcpMux: false, comedia: false })
    await transport.connect({ ip: '127.0.0.1', port: local.rtp, rtcpPort: local.rtcp })
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities: plain(router) })
    return tap(transport, consumer, local, ports)
  } catch (error) {
    transport?.close()
    ports.release(local)
    throw error
  }
}

function tap(
  transport: types.PlainTransport,
  consumer: types.Consumer,
  local: PortPair,
  ports: LoopbackPorts,
): VideoTap {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  transport.observer.once('close', () => {
    ports.release(local)
    resolve()
  })
  consumer.observer.once('close', () => transport.close())
  return {
    rtpPort: local.rtp,
    payloadType: consumer.rtpParameters.codecs[0]!.payloadType,
    closed,
    close: () => transport.close(),
  }
}

/** The codecs alone: no retransmission, no extensions, nothing to answer. */
function plain({ rtpCapabilities }: types.Router): types.RtpCapabilities {
  const codecs = (rtpCapabilities.codecs ?? [])
    .filter(({ mimeType }) => !mimeType.toLowerCase().endsWith('/rtx'))
    .map((codec) => ({ ...codec, rtcpFeedback: [] }))
  return { codecs, headerExtensions: [] }
}
