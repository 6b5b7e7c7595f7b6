import type { FailureCause } from './model.ts'

/** What each cause means, as users read it beside a stream's state. docs/errors.md lists them. */
export const causeTexts: Record<FailureCause, string> = {
  AUTH: 'The source wants a user name and password, or refuses those that it was given.',
  NOT_FOUND: 'The source has nothing under this path.',
  DNS: "The source's host name is not known.",
  REFUSED: 'The source refuses the connection: nothing listens on that port.',
  UNREACHABLE: 'There is no way to the source in the network.',
  TIMEOUT: 'The source does not answer in time.',
  NO_MEDIA: 'The source is connected but sends no media.',
  DECODE: 'What the source sends can not be decoded.',
  OUT_OF_MEMORY: 'FFmpeg ran out of memory.',
  KILLED: 'FFmpeg was killed from outside.',
  STALLED: 'The packets stopped although FFmpeg was running.',
  LEASE_LOST: 'Another node has taken the stream over.',
  NODE_LOST: 'The node that ran the stream has gone.',
  TLS: 'The encrypted connection to the source failed.',
  UNSUPPORTED: 'The source is of a kind that can not be carried.',
  BLOCKED: "The source's address is not allowed.",
  REDIRECT_LOOP: 'The source redirects without end.',
  ENDED: 'The source has ended.',
  STORAGE: 'Nothing can be written to the data folder.',
  OUTPUT_LOST: 'An output can not be written any more.',
  WORKER_DIED: 'The mediasoup worker died; another takes over.',
  UNKNOWN: 'FFmpeg ended for a reason that its log does not tell.',
}

/**
 * A source that could not be read, or media that could not be set up, with its cause. Its message becomes a state's reason, which
 * everybody may read: no addresses, no text from outside. `log` is redacted and for keys alone.
 */
export class SourceFailure extends Error {
  override readonly cause: FailureCause
  readonly log: string[]

  constructor(cause: FailureCause, message: string = causeTexts[cause], log: string[] = []) {
    super(message)
    this.name = 'SourceFailure'
    this.cause = cause
    this.log = log
  }
}
