import { sameText } from '../platform/hash.ts'

/** Makes and knows the addresses of WHEP sessions. */
export interface WhepAddresses {
  /** The part that nobody can guess: 128 bits, in hexadecimal. */
  secretOf(streamId: string, consumerId: string): Promise<string>
  /** Takes as long whatever is right about it. */
  isSecretOf(streamId: string, consumerId: string, secret: string): Promise<boolean>
}

const secretBytes = 16

/**
 * A standard player has nothing but its session's address to change or end it with, and ids of sessions are shown in lists: so the address carries
 * a signature of the id, which every node of the database can make, and nothing has to be stored. `key` is what all nodes know.
 */
export function createWhepAddresses(key: string): WhepAddresses {
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = crypto.subtle.importKey('raw', encoder.encode(key), algorithm, false, ['sign'])
  const secretOf = async (streamId: string, consumerId: string) => {
    // The words in front keep it apart from whatever else is signed by the same key.
    const signed = encoder.encode(`weir whep address\n${streamId}\n${consumerId}`)
    const signature = await crypto.subtle.sign('HMAC', await imported, signed)
    return Array.from(new Uint8Array(signature, 0, secretBytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  return {
    secretOf,
    async isSecretOf(streamId, consumerId, secret) {
      return sameText(await secretOf(streamId, consumerId), secret)
    },
  }
}
