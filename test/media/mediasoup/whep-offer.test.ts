import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WeirError } from '../../../src/errors.ts'
import { chooseMedia, maxOfferBytes, parseWhepOffer } from '../../../src/media/mediasoup/whep-offer.ts'
import { chromiumOffer, plainOffer } from './offers.ts'

const both = ['VIDEO', 'AUDIO'] as const

function codeOf(action: () => unknown): string | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof WeirError) return error.code
    throw error
  }
}

describe('what Chromium offers', () => {
  const offer = parseWhepOffer(chromiumOffer)

  test('is taken as constrained baseline in packetization mode 1 with its RTX, and Opus', () => {
    const [video, audio] = [...chooseMedia(offer, both).values()]
    expect(video).toMatchObject({ kind: 'VIDEO', mid: '0', payloadType: 108, rtxPayloadType: 109 })
    expect(video!.formatParameters).toContain('profile-level-id=42e01f')
    expect(audio).toMatchObject({ kind: 'AUDIO', mid: '1', payloadType: 111, rtxPayloadType: null })
  })

  test('says that it takes new SSRCs, which others do not', () => {
    expect(offer.takesNewSsrcs).toBe(true)
    expect(parseWhepOffer(plainOffer).takesNewSsrcs).toBe(false)
  })

  test('asks us to be the DTLS server', () => {
    expect(offer.dtls).toMatchObject({ role: 'client', fingerprint: { algorithm: 'sha-256' } })
    const passive = parseWhepOffer(chromiumOffer.replaceAll('a=setup:actpass', 'a=setup:passive'))
    expect(passive.dtls.role).toBe('server')
  })
})

test.each([
  ['42001f', 102],
  ['4d001f', 116],
])('takes profile %s where it is the best there is', (profile, payloadType) => {
  const offered = chromiumOffer.replace(/profile-level-id=(\w+)/g, (line, id) =>
    id === profile ? line : 'profile-level-id=f4001f',
  )
  expect(chooseMedia(parseWhepOffer(offered), ['VIDEO']).get(0)?.payloadType).toBe(payloadType)
})

test('takes only what the stream has', () => {
  const offer = parseWhepOffer(chromiumOffer)
  expect([...chooseMedia(offer, ['AUDIO']).keys()]).toEqual([1])
  expect([...chooseMedia(offer, ['VIDEO']).keys()]).toEqual([0])
})

test.each([
  ['no H.264', chromiumOffer.replaceAll('H264', 'H265')],
  ['H.264 in packetization mode 0 alone', chromiumOffer.replaceAll('packetization-mode=1', 'packetization-mode=0')],
  ['a section that only sends', chromiumOffer.replaceAll('a=recvonly', 'a=sendonly')],
  ['RTP without DTLS', chromiumOffer.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
])('is refused as unsupported for video: %s', (_, sdp) => {
  expect(codeOf(() => chooseMedia(parseWhepOffer(sdp), ['VIDEO']))).toBe('UNSUPPORTED_MEDIA')
})

const fingerprint = /a=fingerprint:.*\r\n/g

test.each([
  ['nothing', ''],
  ['no SDP', 'hello'],
  ['JSON', '{"sdp":"v=0"}'],
  ['a version line alone', 'v=0\r\n'],
  ['a session without media', chromiumOffer.slice(0, chromiumOffer.indexOf('m=video'))],
  ['too long', `${chromiumOffer}${'a=x\r\n'.repeat(maxOfferBytes / 5)}`],
  [
    '33 sections',
    `v=0\r\n${Array.from({ length: 33 }, (_, i) => `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:${i}\r\n`).join('')}`,
  ],
  ['two sections of one mid', chromiumOffer.replace('a=mid:1', 'a=mid:0')],
  ['no mid', chromiumOffer.replace('a=mid:1\r\n', '')],
  ['no ICE user name', chromiumOffer.replaceAll(/a=ice-ufrag:.*\r\n/g, '')],
  ['no fingerprint', chromiumOffer.replaceAll(fingerprint, '')],
  ['an empty fingerprint', chromiumOffer.replaceAll(fingerprint, 'a=fingerprint:sha-256 \r\n')],
  ['a fingerprint of garbage', chromiumOffer.replaceAll(fingerprint, 'a=fingerprint:sha-256 garbage\r\n')],
  ['a fingerprint too short', chromiumOffer.replaceAll(/(a=fingerprint:.*):..\r\n/g, '$1\r\n')],
  ['a fingerprint of another length', chromiumOffer.replaceAll('sha-256', 'sha-1')],
  ['a fingerprint by an unknown algorithm', chromiumOffer.replaceAll('sha-256', 'md5')],
  ['a fingerprint by an inherited name', chromiumOffer.replaceAll('sha-256', 'constructor')],
  ['a setup of its own', chromiumOffer.replaceAll('a=setup:actpass', 'a=setup:holdconn')],
])('is refused as bad input: %s', (_, sdp) => {
  expect(codeOf(() => parseWhepOffer(sdp))).toBe('BAD_USER_INPUT')
})

test('is refused as bad input: audio and video that are not bundled', () => {
  const offer = parseWhepOffer(chromiumOffer.replace('a=group:BUNDLE 0 1\r\n', ''))
  expect(codeOf(() => chooseMedia(offer, both))).toBe('BAD_USER_INPUT')
  expect(codeOf(() => chooseMedia(offer, ['VIDEO']))).toBeNull()
})

test('whatever is sent, it is read or refused', () => {
  const lines = chromiumOffer.split('\r\n')
  const line = fc.oneof(
    fc.constantFrom(...lines),
    fc.string(),
    fc
      .constantFrom(...lines)
      .chain((text) => fc.tuple(fc.nat(text.length), fc.string()).map(([at, more]) => text.slice(0, at) + more)),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (garbage) => {
      codeOf(() => chooseMedia(parseWhepOffer(`v=0\r\n${garbage.join('\r\n')}\r\n`), both))
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['a codec', /a=rtpmap:96 VP8/, 'a=rtpmap: 96 VP8'],
  ['an extension', /a=extmap:1 \S+/, 'a=extmap:1 5'],
  ['an extension without its name', /a=extmap:1 \S+/, 'a=extmap:1 '],
  ['the parameters of a codec', /a=fmtp:111 .*/, 'a=fmtp:111 7'],
  ['an ICE user name', /a=ice-ufrag:.*/, 'a=ice-ufrag:1234'],
])('a number where a text should be, for %s, does no harm', (_what, line, number) => {
  const offer = parseWhepOffer(chromiumOffer.replaceAll(new RegExp(line, 'g'), number))
  const chosen = [...chooseMedia(offer, both).values()]
  expect(chosen).toHaveLength(2)
  for (const { headerExtensions, formatParameters } of chosen) {
    expect(headerExtensions.every(({ uri }) => typeof uri === 'string' && uri !== '')).toBe(true)
    expect(typeof formatParameters).toBe('string')
  }
  expect(typeof offer.iceUfrag).toBe('string')
})
