/** Keeps secrets at rest: what stands in a row is sealed with SECRET_KEY, for that row and column alone. */
export interface SecretBox {
  /** `context` names the place, such as `streams.source:stream_…`: what is sealed for one place opens at no other. */
  seal(text: string, context: string): string
  /** Throws SealError, without the text, where it was sealed with another key, for another place, or is damaged. */
  open(sealed: string, context: string): string
  /** Was it sealed for this place with the key that seals now, and not with the one before it? */
  isCurrent(sealed: string, context: string): boolean
  /** A fingerprint (43 characters) by which equal texts are known, and which tells nothing of them to who has no key. */
  digest(text: string, context: string): string
}

/** What is sealed can't be opened here. */
export class SealError extends Error {
  constructor() {
    super('It was sealed with another SECRET_KEY or for another place, or it is damaged.')
    this.name = 'SealError'
  }
}
