import type { FailureCause, UrlSource } from '../../streams/model.ts'
import type { SourceRules } from '../policy.ts'

/** Told to the worker. `id` names one opened source, for this worker's life. */
export type ToWorker =
  | { do: 'OPEN'; id: number; source: UrlSource; rules: SourceRules }
  /** Its connections end; nothing more is told of it. */
  | { do: 'CLOSE'; id: number }

/** Told by the worker. */
export type FromWorker =
  /** `url` is what FFmpeg may be told. */
  | { tell: 'OPENED'; id: number; url: string }
  | { tell: 'REFUSED'; id: number; failure: GateFailure }
  /** What went wrong last with an open source; null: media flows again. */
  | { tell: 'FAILURE'; id: number; failure: GateFailure | null }

/** `note` is for the owner of the source: a sentence of ours, without secrets. */
export interface GateFailure {
  cause: FailureCause
  note: string
  /** No media has come, and none will. */
  isFinal?: boolean
}
