import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WeirError } from '../../../src/errors.ts'
import { checkedDtlsParameters, fingerprintsKey } from '../../../src/media/mediasoup/dtls-input.ts'
import { maxFragmentBytes, parseIceFragment } from '../../../src/media/mediasoup/ice-fragment.ts'
import { checkedRtpCapabilities } from '../../../src/media/mediasoup/rtp-capabilities.ts'

/** What it gives, or null where the input is refused in the one way that it may be. */
function readOrRefused<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    expect(error).toBeInstanceOf(WeirError)
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT' })
    return null
  }
}

const hex = fc.constantFrom(...'0123456789abcdefABCDEF')
const byte = fc.tuple(hex, hex).map((pair) => pair.join(''))
const fingerprint = fc.array(byte, { minLength: 32, maxLength: 32 }).map((bytes) => ({
  algorithm: 'sha-256',
  value: bytes.join(':'),
}))

test('DTLS parameters are read or refused; the order and case of fingerprints do not matter', () => {
  fc.assert(fc.property(fc.anything(), (input) => void readOrRefused(() => checkedDtlsParameters(input))))
  fc.assert(
    fc.property(fc.array(fingerprint, { minLength: 1, maxLength: 8 }), (fingerprints) => {
      const lower = fingerprints.map(({ value, ...rest }) => ({ ...rest, value: value.toLowerCase() })).toReversed()
      const key = (list: unknown) => fingerprintsKey(checkedDtlsParameters({ fingerprints: list }))
      expect(key(lower)).toBe(key(fingerprints))
    }),
  )
})

const codecs = fc.array(
  fc.record(
    {
      kind: fc.oneof(fc.constantFrom('audio', 'video'), fc.anything()),
      mimeType: fc.oneof(fc.constantFrom('video/H264', 'audio/opus', 'video/rtx'), fc.anything()),
      clockRate: fc.oneof(fc.constant(90_000), fc.anything()),
      parameters: fc.anything(),
      rtcpFeedback: fc.oneof(fc.constant([{ type: 'nack' }, { type: 'evil' }]), fc.anything()),
    },
    { requiredKeys: [] },
  ),
)

test('RTP capabilities are read or refused, and come back without feedback that mediasoup does not do', () => {
  fc.assert(fc.property(fc.anything(), (input) => void readOrRefused(() => checkedRtpCapabilities(input))))
  fc.assert(
    fc.property(fc.record({ codecs, headerExtensions: fc.anything() }, { requiredKeys: ['codecs'] }), (input) => {
      const read = readOrRefused(() => checkedRtpCapabilities(input))
      for (const codec of read?.codecs ?? []) {
        expect(codec.rtcpFeedback!.map(({ type }) => type)).not.toContain('evil')
      }
      if (read) expect(checkedRtpCapabilities(read)).toEqual(read)
    }),
  )
})

const line = fc.oneof(
  fc.constantFrom(
    'a=ice-ufrag:abcd',
    'a=ice-pwd:0123456789abcdefghijkl',
    'm=video 9 UDP/TLS/RTP/SAVPF 0',
    'a=mid:0',
    'a=candidate:1 1 udp 2130706431 192.0.2.7 50000 typ host',
    'a=end-of-candidates',
  ),
  fc.string(),
)

test('fragments are read or refused', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const read = readOrRefused(() => parseIceFragment(lines.join('\r\n'), ['0']))
      if (read) expect(read).toEqual({ iceUfrag: 'abcd', icePwd: '0123456789abcdefghijkl' })
    }),
  )
  const large = `a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n${'a=x\r\n'.repeat(maxFragmentBytes / 5)}`
  expect(readOrRefused(() => parseIceFragment(large, ['0']))).toBeNull()
})
