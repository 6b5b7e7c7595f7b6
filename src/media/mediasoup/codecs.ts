import type { types } from 'mediasoup'
import type { MediaKind } from '../../streams/model.ts'

/** mediasoup's own names of our kinds. */
export const mediasoupKinds = { VIDEO: 'video', AUDIO: 'audio' } as const satisfies Record<MediaKind, types.MediaKind>

/** What FFmpeg sends of each kind. H.264 is declared Constrained Baseline whatever it is: browsers offer no more and decode High. */
export const codecs = {
  VIDEO: {
    kind: 'video',
    mimeType: 'video/H264',
    payloadType: 96,
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  AUDIO: {
    kind: 'audio',
    mimeType: 'audio/opus',
    payloadType: 97,
    clockRate: 48_000,
    channels: 2,
    parameters: {},
  },
} as const satisfies Record<MediaKind, types.RtpCodecParameters & { kind: types.MediaKind }>

/** The codecs of the router that FFmpeg sends to. */
export function streamRouterCodecs(): types.RouterRtpCodecCapability[] {
  return Object.values(codecs).map(({ payloadType, ...codec }) => ({ ...codec, preferredPayloadType: payloadType }))
}

/** The RTP parameters of a producer that FFmpeg feeds. The cname joins a stream's audio and video for players. */
export function producerRtpParameters(kind: MediaKind, ssrc: number, cname: string): types.RtpParameters {
  const { kind: _, ...codec } = codecs[kind]
  return { codecs: [codec], encodings: [{ ssrc }], rtcp: { cname } }
}
