import type { types } from 'mediasoup'
import * as sdpTransform from 'sdp-transform'
import { WeirError } from '../../errors.ts'
import type { MediaKind } from '../../streams/model.ts'
import { readFingerprint } from './dtls-input.ts'

/** The largest offer that is read; Chromium's is about 6 kB. */
export const maxOfferBytes = 64 * 1024
const maxMediaSections = 32

/** What one media section of an offer can take from us. Payload types and ids are the offer's own. */
export interface OfferedCodec {
  kind: MediaKind
  mid: string
  payloadType: number
  rtxPayloadType: number | null
  /** The offer's format parameters for this payload type as they stand, to be given back. */
  formatParameters: string | null
  rtcpFeedback: types.RtcpFeedback[]
  headerExtensions: { uri: string; id: number }[]
}

export interface OfferedMedia {
  mid: string
  type: string
  protocol: string
  payloads: string
  /** Null where we can not send anything into it. */
  codec: OfferedCodec | null
}

export interface WhepOffer {
  media: OfferedMedia[]
  /** The mids of each BUNDLE group. */
  bundles: string[][]
  /** Whether the player plays SSRCs that the answer does not name, and goes over to a new one (Chromium, Safari). */
  takesNewSsrcs: boolean
  dtls: { role: 'client' | 'server'; fingerprint: types.DtlsFingerprint }
  /** The player's ICE user name; a later fragment with another one restarts ICE. */
  iceUfrag: string
}

/** Nobody else offers these. Others (Pion for one) play nothing but SSRCs that were named to them. */
const libwebrtcExtension = /^http:\/\/www\.webrtc\.org\/experiments\/rtp-hdrext\/(video-content-type|video-timing)$/

/** Reads an offer. Throws BAD_USER_INPUT for what is no SDP, or one that a browser's WebRTC would not make. */
export function parseWhepOffer(sdp: string): WhepOffer {
  if (new TextEncoder().encode(sdp).length > maxOfferBytes) refuse(`is larger than ${maxOfferBytes} bytes`)
  if (!/^v=0\r?\n/.test(sdp)) refuse('is no SDP')
  const session = parse(sdp)
  const { media } = session
  if (!Array.isArray(media) || media.length === 0) refuse('has no media')
  if (media.length > maxMediaSections) refuse(`has more than ${maxMediaSections} media sections`)
  const mids = media.map((section) => String(section.mid ?? ''))
  if (mids.includes('') || new Set(mids).size < mids.length) refuse('needs a mid of its own in each media section')
  return {
    media: media.map((section, index) => ({
      mid: mids[index]!,
      type: section.type,
      protocol: section.protocol,
      payloads: String(section.payloads ?? ''),
      codec: offeredCodec(section, section.direction ?? session.direction ?? 'sendrecv'),
    })),
    bundles: (session.groups ?? [])
      .filter((group) => group.type === 'BUNDLE')
      .map((group) => String(group.mids).split(' ')),
    takesNewSsrcs: media.some((section) => section.ext?.some(({ uri }) => libwebrtcExtension.test(uri))),
    dtls: dtlsOf(session),
    iceUfrag: iceUfragOf(session),
  }
}

/** The sections to answer with media, by index: the first usable one of each kind. Throws UNSUPPORTED_MEDIA when there is none. */
export function chooseMedia(offer: WhepOffer, kinds: Iterable<MediaKind>): Map<number, OfferedCodec> {
  const chosen = new Map<number, OfferedCodec>()
  for (const kind of kinds) {
    const index = offer.media.findIndex((section) => section.codec?.kind === kind)
    if (index >= 0) chosen.set(index, offer.media[index]!.codec!)
  }
  if (chosen.size === 0) {
    throw new WeirError(
      'UNSUPPORTED_MEDIA',
      'The offer takes nothing that the stream has: H.264 (packetization-mode 1) or Opus.',
    )
  }
  const mids = [...chosen.keys()].map((index) => offer.media[index]!.mid)
  const bundled = offer.bundles.some((group) => mids.every((mid) => group.includes(mid)))
  if (mids.length > 1 && !bundled) refuse('has to bundle audio and video (BUNDLE)')
  return chosen
}

function refuse(why: string): never {
  throw new WeirError('BAD_USER_INPUT', `The SDP offer ${why}.`, { fields: [{ path: 'offer', message: why }] })
}

function parse(sdp: string): sdpTransform.SessionDescription {
  try {
    return sdpTransform.parse(sdp)
  } catch {
    return refuse('is no SDP')
  }
}

function iceUfragOf(session: sdpTransform.SessionDescription): string {
  const holder = [...session.media, session].find(
    ({ iceUfrag, icePwd }) => iceUfrag !== undefined && icePwd !== undefined,
  )
  return holder ? String(holder.iceUfrag) : refuse('has no ICE user name and password')
}

function dtlsOf(session: sdpTransform.SessionDescription): WhepOffer['dtls'] {
  const holders = [...session.media, session]
  const fingerprint = holders.find((holder) => holder.fingerprint)?.fingerprint
  if (!fingerprint) return refuse('has no DTLS fingerprint')
  const read = readFingerprint(String(fingerprint.type), String(fingerprint.hash))
  if (typeof read === 'string') return refuse(read)
  const setup = holders.find((holder) => holder.setup)?.setup ?? 'actpass'
  if (!['actpass', 'active', 'passive'].includes(setup)) refuse('has no usable setup attribute')
  return { role: setup === 'passive' ? 'server' : 'client', fingerprint: read }
}

/** Its texts may be numbers all the same: sdp-transform makes one of all that looks like it. */
type Section = sdpTransform.MediaDescription

function offeredCodec(section: Section, direction: string): OfferedCodec | null {
  const kind = { video: 'VIDEO', audio: 'AUDIO' }[section.type] as MediaKind | undefined
  const receives = direction === 'recvonly' || direction === 'sendrecv'
  if (!kind || !receives || !section.rtcpMux || !/^(UDP|TCP)\/TLS\/RTP\/SAVPF?$/.test(section.protocol)) return null
  const payloadType = kind === 'VIDEO' ? h264PayloadType(section) : opusPayloadType(section)
  if (payloadType === null) return null
  return {
    kind,
    mid: String(section.mid),
    payloadType,
    rtxPayloadType: kind === 'VIDEO' ? rtxPayloadType(section, payloadType) : null,
    formatParameters: formatParameters(section, payloadType),
    rtcpFeedback: (section.rtcpFb ?? [])
      .filter((feedback) => feedback.payload === payloadType || feedback.payload === '*')
      .map(({ type, subtype }) => (subtype ? { type, parameter: subtype } : { type })),
    // Of one that is not whole nothing is said back; it is not worth refusing the rest.
    headerExtensions: (section.ext ?? [])
      .filter(
        ({ uri, value }) => typeof uri === 'string' && uri && Number.isInteger(value) && value >= 1 && value <= 255,
      )
      .map(({ uri, value }) => ({ uri, id: value })),
  }
}

function formatParameters(section: Section, payloadType: number): string | null {
  const config = section.fmtp?.find((fmtp) => fmtp.payload === payloadType)?.config
  return config === undefined ? null : String(config)
}

/** Profiles in the order of preference. What we send is declared Constrained Baseline; browsers decode it under any of these. */
const h264Profiles = ['42e0', '4200', '4d', '64']

function h264PayloadType(section: Section): number | null {
  const offered = (section.rtp ?? [])
    .filter(
      (codec) => String(codec.codec).toUpperCase() === 'H264' && codec.rate === 90_000 && isPayloadType(codec.payload),
    )
    .map(({ payload }) => ({ payload, parameters: parameterMap(formatParameters(section, payload)) }))
    .filter(({ parameters }) => parameters.get('packetization-mode') === '1')
  for (const profile of h264Profiles) {
    const match = offered.find(({ parameters }) =>
      (parameters.get('profile-level-id') ?? '42e01f').toLowerCase().startsWith(profile),
    )
    if (match) return match.payload
  }
  return null
}

function opusPayloadType(section: Section): number | null {
  const opus = (section.rtp ?? []).find(
    (codec) =>
      String(codec.codec).toLowerCase() === 'opus' &&
      codec.rate === 48_000 &&
      Number(codec.encoding) === 2 &&
      isPayloadType(codec.payload),
  )
  return opus?.payload ?? null
}

function rtxPayloadType(section: Section, payloadType: number): number | null {
  const rtx = (section.rtp ?? []).find(
    (codec) =>
      String(codec.codec).toLowerCase() === 'rtx' &&
      isPayloadType(codec.payload) &&
      parameterMap(formatParameters(section, codec.payload)).get('apt') === String(payloadType),
  )
  return rtx?.payload ?? null
}

function isPayloadType(payload: number): boolean {
  return Number.isInteger(payload) && payload >= 0 && payload <= 127
}

function parameterMap(config: string | null): Map<string, string> {
  const pairs = (config ?? '').split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.map(([name, value]) => [name!.trim().toLowerCase(), value?.trim() ?? '']))
}
