/** Keeps secrets at rest: what stands in a row is sealed with SECRET_KEY, for that row and column alone. */
export interface SecretBox {
  /** `context` names the place, such as `streams.source:stream_…`: what is sealed for one place opens at no other. */
  seal(text: string, context: string): string
  /** Throws Error, without the text, where it was sealed with another key, for another place, or is damaged. */
  open(sealed: string, context: string): string
}
