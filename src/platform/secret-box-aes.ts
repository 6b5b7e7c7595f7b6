import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { hmacSha256 } from './hmac.ts'
import { SealError, type SecretBox } from './secret-box.ts'

const ivBytes = 12
const tagBytes = 16
const shape = /^v1\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/

/**
 * AES-256-GCM: `v1.<iv>.<text and tag>`, both in base64url, the place as what is authenticated beside it. Each sealing has an
 * initial value of its own by chance: good for 2^32 of them by one key. `previous` opens what `key` can't, and seals nothing.
 * Keys are 32 bytes; throws RangeError for others.
 */
export function createSecretBox(key: Uint8Array, previous: Uint8Array | null = null): SecretBox {
  const current = derived(key, 'seal')
  const before = previous && derived(previous, 'seal')
  const fingerprint = hmacSha256(derived(key, 'digest').toString('base64url'))

  return {
    seal(text, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', current, iv).setAAD(Buffer.from(context))
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `v1.${iv.toString('base64url')}.${data.toString('base64url')}`
    },
    open(sealed, context) {
      const text = opened(current, sealed, context) ?? (before && opened(before, sealed, context))
      if (text === null) throw new SealError()
      return text
    },
    isCurrent: (sealed, context) => opened(current, sealed, context) !== null,
    // Of bytes alone: the hash takes ASCII.
    digest: (text, context) => fingerprint(Buffer.from(`${context}\0${text}`).toString('base64url')),
  }
}

function opened(key: Buffer, sealed: string, context: string): string | null {
  const [, iv, data] = shape.exec(sealed) ?? []
  if (iv === undefined || data === undefined) return null
  const bytes = Buffer.from(data, 'base64url')
  if (bytes.length < tagBytes) return null
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

function derived(key: Uint8Array, purpose: string): Buffer {
  if (key.length !== 32) throw new RangeError('a key of 32 bytes is needed')
  return Buffer.from(hkdfSync('sha256', key, '', `weir ${purpose} v1`, 32))
}
