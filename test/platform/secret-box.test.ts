import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SealError } from '../../src/platform/secret-box.ts'
import { createSecretBox } from '../../src/platform/secret-box-aes.ts'

const text = fc.string({ unit: 'binary', maxLength: 200 }).filter((one) => one.isWellFormed())
const key = () => new Uint8Array(randomBytes(32))

describe('SecretBox', () => {
  const mine = key()
  const box = createSecretBox(mine)

  it('opens what it sealed, for the same place alone', () => {
    fc.assert(
      fc.property(text, text, text, (secret, place, other) => {
        const sealed = box.seal(secret, place)
        expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]{22,}$/)
        expect(box.open(sealed, place)).toBe(secret)
        expect(box.isCurrent(sealed, place)).toBe(true)
        if (other === place) return
        expect(box.isCurrent(sealed, other)).toBe(false)
        expect(() => box.open(sealed, other)).toThrow(SealError)
      }),
    )
  })

  it('opens nothing of another key, and nothing that was changed by a single bit', () => {
    const sealed = box.seal('hunter2', 'here')
    expect(() => createSecretBox(key()).open(sealed, 'here')).toThrow(SealError)
    const [version, iv, data] = sealed.split('.') as [string, string, string]
    const changed = (part: string, bit: number) => {
      const bytes = Buffer.from(part, 'base64url')
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      return bytes.toString('base64url')
    }
    for (let bit = 0; bit < 12 * 8; bit++)
      expect(() => box.open([version, changed(iv, bit), data].join('.'), 'here')).toThrow(SealError)
    for (let bit = 0; bit < ('hunter2'.length + 16) * 8; bit++)
      expect(() => box.open([version, iv, changed(data, bit)].join('.'), 'here')).toThrow(SealError)
  })

  it('refuses what is no sealed text, and never repeats it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.string().map((end) => `v1.${'A'.repeat(16)}.${end}`),
        ),
        (given) => {
          try {
            box.open(given, 'here')
          } catch (error) {
            expect(error).toBeInstanceOf(SealError)
            expect((error as Error).message).toBe(new SealError().message)
            return
          }
          throw new Error('it was opened')
        },
      ),
    )
  })

  it('seals the same text anew each time, so that nobody sees that two are equal', () => {
    const sealed = Array.from({ length: 1000 }, () => box.seal('hunter2', 'here'))
    expect(new Set(sealed).size).toBe(1000)
  })

  it('opens what the key before has sealed, and tells it from its own', () => {
    const newer = createSecretBox(key(), mine)
    const sealed = box.seal('hunter2', 'here')
    expect(newer.open(sealed, 'here')).toBe('hunter2')
    expect(newer.isCurrent(sealed, 'here')).toBe(false)
    const anew = newer.seal('hunter2', 'here')
    expect(newer.isCurrent(anew, 'here')).toBe(true)
    expect(() => box.open(anew, 'here')).toThrow(SealError)
  })

  it('has one fingerprint for a text at a place, another for every other and by every other key', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, place) => {
        expect(box.digest(a, place)).toBe(box.digest(a, place))
        expect(box.digest(a, place) === box.digest(b, place)).toBe(a === b)
        expect(createSecretBox(key()).digest(a, place)).not.toBe(box.digest(a, place))
      }),
    )
  })

  it('takes keys of 32 bytes alone', () => {
    for (const length of [0, 16, 31, 33]) expect(() => createSecretBox(new Uint8Array(length))).toThrow(RangeError)
  })
})
