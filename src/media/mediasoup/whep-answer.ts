import type { types } from 'mediasoup'
import * as sdpTransform from 'sdp-transform'
import type { OfferedMedia, WhepOffer } from './whep-offer.ts'

/** What the answer says beside the offer: our side of the transport and what each accepted section carries. */
export interface WhepAnswerParts {
  /** A number for the origin line. */
  sessionId: number
  /** Joins audio and video of one stream, so that players keep them in step. */
  streamId: string
  iceParameters: types.IceParameters
  iceCandidates: types.IceCandidate[]
  /** Players are told each candidate once for each of these. */
  announcedAddresses: string[]
  dtlsParameters: types.DtlsParameters
  /** By index of the offer's section; a section that is not here is rejected. */
  sent: Map<number, types.RtpParameters>
}

/** Writes the answer to an offer: one BUNDLE, ICE lite, all candidates in it, every accepted section sendonly. */
export function writeWhepAnswer(offer: WhepOffer, parts: WhepAnswerParts): string {
  const mids = offer.media.flatMap((section, index) => (parts.sent.has(index) ? [section.mid] : []))
  return sdpTransform.write({
    version: 0,
    origin: {
      username: '-',
      sessionId: parts.sessionId,
      sessionVersion: 1,
      netType: 'IN',
      ipVer: 4,
      address: '0.0.0.0',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    groups: [{ type: 'BUNDLE', mids: mids.join(' ') }],
    msidSemantic: { semantic: 'WMS', token: '*' },
    media: offer.media.map((section, index) => {
      const rtpParameters = parts.sent.get(index)
      return rtpParameters ? acceptedSection(section, rtpParameters, offer, parts) : rejectedSection(section)
    }),
  })
}

type Section = sdpTransform.MediaDescription

function rejectedSection({ type, protocol, payloads, mid }: OfferedMedia): Section {
  return {
    type,
    port: 0,
    protocol,
    payloads,
    connection: { version: 4, ip: '0.0.0.0' },
    mid,
    direction: 'inactive',
    rtp: [],
    fmtp: [],
  }
}

function acceptedSection(
  section: OfferedMedia,
  { codecs = [], headerExtensions = [], encodings = [], rtcp }: types.RtpParameters,
  offer: WhepOffer,
  parts: WhepAnswerParts,
): Section {
  const { iceParameters, dtlsParameters } = parts
  const fingerprint = dtlsParameters.fingerprints.find((entry) => entry.algorithm === 'sha-256')!
  return {
    type: section.type,
    port: 9,
    protocol: section.protocol,
    payloads: codecs.map((codec) => codec.payloadType).join(' '),
    connection: { version: 4, ip: '0.0.0.0' },
    mid: section.mid,
    direction: 'sendonly',
    msid: [{ id: parts.streamId, appdata: section.type }],
    rtcpMux: 'rtcp-mux',
    rtcpRsize: 'rtcp-rsize',
    rtp: codecs.map(({ payloadType, mimeType, clockRate, channels }) => ({
      payload: payloadType,
      codec: mimeType.slice(mimeType.indexOf('/') + 1),
      rate: clockRate,
      ...(channels && channels > 1 ? { encoding: channels } : {}),
    })),
    fmtp: codecs.flatMap((codec) => {
      const isRtx = codec.mimeType.endsWith('/rtx')
      const config = isRtx ? `apt=${codec.parameters?.apt}` : section.codec?.formatParameters
      return config ? [{ payload: codec.payloadType, config }] : []
    }),
    rtcpFb: codecs.flatMap((codec) =>
      (codec.rtcpFeedback ?? []).map(({ type, parameter }) => ({
        payload: codec.payloadType,
        type,
        ...(parameter ? { subtype: parameter } : {}),
      })),
    ),
    ext: headerExtensions.map(({ id, uri }) => ({ value: id, uri })),
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value },
    setup: offer.dtls.role === 'server' ? 'active' : 'passive',
    candidates: sdpCandidates(announcedCandidates(parts.iceCandidates, parts.announcedAddresses)),
    endOfCandidates: 'end-of-candidates',
    ...(offer.takesNewSsrcs ? {} : ssrcAttributes(encodings[0], rtcp?.cname ?? parts.streamId)),
  }
}

/** mediasoup's candidates for each address, each address a step below the one before, so that a player tries them in our order. */
export function announcedCandidates(candidates: types.IceCandidate[], addresses: string[]): types.IceCandidate[] {
  return addresses.flatMap((address, addressIndex) =>
    candidates.map((candidate) => ({
      ...candidate,
      foundation: `${candidate.protocol}${addressIndex}`,
      priority: candidate.priority - addressIndex * 256,
      ip: address,
      address,
    })),
  )
}

/** The same in SDP's words. */
export function sdpCandidates(candidates: types.IceCandidate[]): NonNullable<Section['candidates']> {
  return candidates.map(({ foundation, protocol, priority, address, port, type, tcpType }) => ({
    foundation,
    component: 1,
    transport: protocol,
    priority,
    ip: address,
    port,
    type,
    ...(tcpType ? { tcptype: tcpType } : {}),
  }))
}

function ssrcAttributes(encoding: types.RtpEncodingParameters | undefined, cname: string): Partial<Section> {
  if (encoding?.ssrc === undefined) return {}
  const ids = [encoding.ssrc, ...(encoding.rtx ? [encoding.rtx.ssrc] : [])]
  return {
    ssrcs: ids.map((id) => ({ id, attribute: 'cname', value: cname })),
    ...(encoding.rtx ? { ssrcGroups: [{ semantics: 'FID', ssrcs: ids.join(' ') }] } : {}),
  }
}
