import type { types } from 'mediasoup'
import * as ortc from 'mediasoup/ortc'
import { badInput } from '../../errors.ts'

/** As JSON. Chromium's are about 6 kB. */
const maxCapabilitiesLength = 64 * 1024

/** What a player says it can receive: checked, whole, in mediasoup's own form. Throws BAD_USER_INPUT. */
export function checkedRtpCapabilities(input: unknown): types.RtpCapabilities {
  const text = JSON.stringify(input) ?? ''
  if (text.length > maxCapabilitiesLength) {
    throw badInput('rtpCapabilities', `are longer than ${maxCapabilitiesLength} characters`)
  }
  if (!text.startsWith('{')) throw badInput('rtpCapabilities', 'are no object')
  const capabilities = JSON.parse(text) as types.RtpCapabilities
  try {
    ortc.validateAndNormalizeRtpCapabilities(capabilities)
  } catch (error) {
    throw badInput('rtpCapabilities', (error as Error).message)
  }
  const codecs = capabilities.codecs!.map((codec) => ({
    ...codec,
    rtcpFeedback: (codec.rtcpFeedback ?? []).filter(isKnownFeedback),
  }))
  return { codecs, headerExtensions: capabilities.headerExtensions! }
}

/** Whether a player with these can be given the producer. Throws BAD_USER_INPUT where mediasoup can't make sense of them. */
export function canConsume(source: types.Producer, capabilities: types.RtpCapabilities): boolean {
  try {
    return ortc.canConsume(source.consumableRtpParameters, structuredClone(capabilities))
  } catch (error) {
    throw badInput('rtpCapabilities', (error as Error).message)
  }
}

/** Whether a player finds the track by its MID, so that it takes a new SSRC for it. */
export function isFoundByMid({ headerExtensions = [] }: types.RtpParameters): boolean {
  return headerExtensions.some(({ uri }) => uri === 'urn:ietf:params:rtp-hdrext:sdes:mid')
}

/** mediasoup gives back whatever feedback the other side names, also what it does not do. */
export function isKnownFeedback({ type, parameter }: types.RtcpFeedback): boolean {
  return ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'].includes(
    parameter ? `${type} ${parameter}` : type,
  )
}
