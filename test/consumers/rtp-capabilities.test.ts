import fc from 'fast-check'
import * as ortc from 'mediasoup/ortc'
import { expect, test } from 'vitest'
import { maxCapabilitiesBytes, readRtpCapabilities } from '../../src/consumers/rtp-capabilities.ts'

/** What a router with these codecs has, and with it whoever plays all of it. */
const real = ortc.generateRouterRtpCapabilities([
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1 } },
])
const asSent: unknown = JSON.parse(JSON.stringify(real))

/** The value, or what is wrong with it in words. */
function read(value: unknown): { value: object } | { refusal: string } {
  try {
    return { value: readRtpCapabilities(value) }
  } catch (error) {
    // No accident: of those the message would not be for the player.
    expect((error as Error).constructor).toBe(Error)
    return { refusal: (error as Error).message }
  }
}

/** The value with whatever stands at a place of it put in place of that. */
function planted(value: unknown, place: readonly number[], foreign: unknown): unknown {
  const [first, ...rest] = place
  if (first === undefined || typeof value !== 'object' || value === null) return foreign
  const keys = Object.keys(value)
  if (keys.length === 0) return foreign
  const copy = structuredClone(value) as Record<string, unknown>
  const key = keys[first % keys.length]!
  copy[key] = planted(copy[key], rest, foreign)
  return copy
}

test('real ones pass whole', () => {
  expect(read(asSent)).toEqual({ value: asSent })
  expect(read({})).toEqual({ value: { codecs: [], headerExtensions: [] } })
})

test('whatever is planted in them, what passes is what mediasoup takes, and what does not is refused in words', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 6 }), fc.jsonValue(), (place, foreign) => {
      const result = read(planted(asSent, place, foreign))
      if ('refusal' in result) expect(result.refusal.length).toBeLessThan(500)
      else ortc.validateAndNormalizeRtpCapabilities(result.value)
    }),
    { numRuns: 2000 },
  )
})

test('any JSON at all is read or refused, and twice read it is the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const result = read(value)
      if ('value' in result) expect(read(result.value)).toEqual(result)
    }),
  )
})

const codec = real.codecs![0]!
const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown
const wrong: [string, unknown, RegExp][] = [
  ['null', null, /must be an object/],
  ['a list', [], /must be an object/],
  ['codecs that are no list', { codecs: 'all' }, /^codecs: must be a list/],
  ['a thousand codecs', { codecs: Array.from({ length: 1000 }, () => codec) }, /^codecs: at most 200/],
  ['depth', { codecs: deep }, /^codecs.0: must be an object/],
  [
    'depth in a parameter',
    { codecs: [{ ...codec, parameters: { x: deep } }] },
    /^codecs.0.parameters.x: must be a string/,
  ],
  ['another kind of media', { codecs: [{ ...codec, mimeType: 'text/plain' }] }, /^codecs.0.mimeType/],
  ['a clock without a rate', { codecs: [{ ...codec, clockRate: 0 }] }, /^codecs.0.clockRate/],
  [
    'a payload type beyond 127',
    { codecs: [{ ...codec, preferredPayloadType: 128 }] },
    /^codecs.0.preferredPayloadType/,
  ],
  [
    'apt as a text',
    { codecs: [{ ...codec, parameters: { apt: '101' } }] },
    /^codecs.0.parameters.apt: must be a number/,
  ],
  ['a prototype', { codecs: [{ ...codec, parameters: JSON.parse('{"__proto__":1}') }] }, /no name of a parameter/],
  ['a long text', { codecs: [{ ...codec, parameters: { x: 'x'.repeat(300) } }] }, /0 to 256 characters/],
  [
    'an extension without an id',
    { headerExtensions: [{ kind: 'video', uri: 'x' }] },
    /^headerExtensions.0.preferredId/,
  ],
  [
    'more than 64 KB of good parts',
    {
      codecs: Array.from({ length: 200 }, () => ({
        ...codec,
        parameters: Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`p${index}`, 'x'.repeat(200)])),
      })),
    },
    new RegExp(`^at most ${maxCapabilitiesBytes} bytes`),
  ],
]

test.each(wrong)('%s is refused', (_, value, message) => {
  expect(read(value)).toEqual({ refusal: expect.stringMatching(message) })
})

test('what mediasoup does not know is left out', () => {
  const { value } = read({ codecs: [{ ...codec, secret: 1 }], more: deep }) as { value: { codecs: object[] } }
  expect(JSON.stringify(value)).not.toMatch(/secret|more/)
  expect(value.codecs).toHaveLength(1)
})
