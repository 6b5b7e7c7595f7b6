import type { types } from 'mediasoup'
import type { MediaKind } from '../../streams/model.ts'
import { codecs, mediasoupKinds } from './codecs.ts'
import { isKnownFeedback } from './rtp-capabilities.ts'
import type { OfferedCodec } from './whep-offer.ts'

/** Which payload types a player wants for what we send. Chromium drops what carries other types than its own offer's. */
export interface PayloadLayout {
  video: number | null
  videoRtx: number | null
  audio: number | null
}

/** The order in which mediasoup gives payload types to RTX codecs; it can not be told one. */
const automaticPayloadTypes = [...range(100, 127), ...range(96, 99)]

/** The layout of the chosen sections. RTX is left out where mediasoup can't be brought to its payload type. */
export function layoutOf(chosen: Iterable<OfferedCodec>): PayloadLayout {
  const byKind = new Map([...chosen].map((codec) => [codec.kind, codec]))
  const video = byKind.get('VIDEO')?.payloadType ?? null
  const audio = byKind.get('AUDIO')?.payloadType ?? null
  const rtx = byKind.get('VIDEO')?.rtxPayloadType ?? null
  const usable = rtx !== null && automaticPayloadTypes.includes(rtx) && rtx !== video && rtx !== audio
  return { video, videoRtx: usable ? rtx : null, audio }
}

/** The same for layouts that can share a router. */
export function layoutKey({ video, videoRtx, audio }: PayloadLayout): string {
  return [video, videoRtx, audio].map((payloadType) => payloadType ?? '-').join('/')
}

/**
 * Codecs of a router whose consumers carry the layout's payload types. mediasoup gives RTX the first free type of its
 * list, so the types before the wanted one are occupied by a codec that nobody uses.
 */
export function viewerRouterCodecs(layout: PayloadLayout): types.RouterRtpCodecCapability[] {
  const wanted: [MediaKind, number | null][] = [
    ['AUDIO', layout.audio],
    ['VIDEO', layout.video],
  ]
  const media = wanted.flatMap(([kind, preferredPayloadType]) => {
    if (preferredPayloadType === null) return []
    const { payloadType: _, ...codec } = codecs[kind]
    return [{ ...codec, preferredPayloadType }]
  })
  const taken = new Set([layout.audio, layout.video])
  const before =
    layout.videoRtx === null ? [] : automaticPayloadTypes.slice(0, automaticPayloadTypes.indexOf(layout.videoRtx))
  const fillers = before
    .filter((payloadType) => !taken.has(payloadType))
    .map((preferredPayloadType) => ({
      kind: 'audio' as const,
      mimeType: 'audio/telephone-event',
      clockRate: 8000,
      preferredPayloadType,
    }))
  return [...fillers, ...media]
}

/** What a player can receive in one section, as mediasoup wants to have it. Header extensions under other ids than the router's fall out by this. */
export function receiveCapabilities(codec: OfferedCodec, layout: PayloadLayout): types.RtpCapabilities {
  const { payloadType: _, ...ours } = codecs[codec.kind]
  const kind = mediasoupKinds[codec.kind]
  const media = {
    ...ours,
    preferredPayloadType: codec.payloadType,
    rtcpFeedback: codec.rtcpFeedback.filter(isKnownFeedback),
  }
  const rtx = {
    kind,
    mimeType: `${kind}/rtx`,
    clockRate: ours.clockRate,
    preferredPayloadType: layout.videoRtx ?? 0,
    parameters: { apt: codec.payloadType },
    rtcpFeedback: [],
  }
  return {
    codecs: codec.kind === 'VIDEO' && layout.videoRtx !== null ? [media, rtx] : [media],
    headerExtensions: codec.headerExtensions.map(({ uri, id }) => ({
      kind,
      uri: uri as types.RtpHeaderExtensionUri,
      preferredId: id,
    })),
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
