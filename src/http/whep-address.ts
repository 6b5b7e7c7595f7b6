/** Makes and knows the addresses of WHEP sessions. */
export interface WhepAddresses {
  /** The part that nobody can guess: 132 bits, in base64url. */
  secretOf(streamId: string, consumerId: string): string
  isSecretOf(streamId: string, consumerId: string, secret: string): boolean
}

const secretCharacters = 22

/**
 * A standard player has nothing but its session's address to change or end it with, and ids of sessions are shown in lists: so the address carries
 * a signature of the id, which every node of the database can make, and nothing has to be stored. `hmac`: a text's HMAC-SHA256 in base64url,
 * with a key for nothing else.
 */
export function createWhepAddresses(hmac: (text: string) => string): WhepAddresses {
  const secretOf = (streamId: string, consumerId: string) =>
    hmac(`${streamId}/${consumerId}`).slice(0, secretCharacters)
  return {
    secretOf,
    // Both are hashed by the key: how long a comparison of those takes tells nothing of what is compared.
    isSecretOf: (streamId, consumerId, secret) => hmac(secretOf(streamId, consumerId)) === hmac(secret),
  }
}
