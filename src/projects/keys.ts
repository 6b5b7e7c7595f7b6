import { sha256 } from '../platform/hash.ts'

/** A key as it is made: `key` is shown once and never kept, `prefix` may be shown, `hash` is kept. */
export interface NewKey {
  key: string
  prefix: string
  hash: string
}

/** Crockford's letters: 32 of them, so five bits of a random byte choose one, none more often than another. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const prefixLength = 8
/** 160 bits. */
const secretLength = 32
export const minGivenKeyLength = 16
const maxKeyLength = 200

const ownShape = new RegExp(`^weir_[${letters}]{${prefixLength}}_[${letters}]{${secretLength}}$`)

/** A new key, `weir_<prefix>_<secret>`. */
export async function makeKey(): Promise<NewKey> {
  const random = crypto.getRandomValues(new Uint8Array(prefixLength + secretLength))
  const text = Array.from(random, (byte) => letters[byte & 31]).join('')
  const key = `weir_${text.slice(0, prefixLength)}_${text.slice(prefixLength)}`
  return { key, prefix: visiblePrefix(key), hash: await sha256(key) }
}

/** A key that somebody chose (ADMIN_KEY). Throws RangeError when it is too short to be one. */
export async function givenKey(key: string): Promise<NewKey> {
  if (!isPossibleKey(key)) {
    throw new RangeError(`a key has ${minGivenKeyLength} to ${maxKeyLength} visible ASCII characters`)
  }
  return { key, prefix: visiblePrefix(key), hash: await sha256(key) }
}

/** Whether it can be a key at all: what can't is not worth a look into the database. */
export function isPossibleKey(key: string): boolean {
  return key.length >= minGivenKeyLength && key.length <= maxKeyLength && /^[\x21-\x7e]+$/.test(key)
}

export function isOwnShape(key: string): boolean {
  return ownShape.test(key)
}

/** Of a key of ours the part before the secret; of a given one its first four characters. */
function visiblePrefix(key: string): string {
  return isOwnShape(key) ? key.slice(0, 'weir_'.length + prefixLength) : key.slice(0, 4)
}
