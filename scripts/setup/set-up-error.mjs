/** A set-up that can't go on. The message says what is missing, why it is needed and what to do; it is shown without a stack. */
export class SetUpError extends Error {
  /** @override */
  name = 'SetUpError'
}
