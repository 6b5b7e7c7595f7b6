import { WeirError } from '../errors.ts'
import type { CloseReason, Look, PlayerSession } from './model.ts'
import type { Failure } from './state.ts'

/** One way of playing a stream, opened: on the video element until `close`. */
export interface OpenMedia {
  /** Null where the stream is played without a session. */
  session: PlayerSession | null
  look(): Promise<Look> | Look
  /** Resolves when it can not go on. */
  failed: Promise<Failure>
  /** The session has a new token. */
  renew?(token: string): void
  close(): void
}

/** What `import()` gives: packages that are CommonJS come as `default`, and some bundlers give nothing beside. */
export type Loaded<Library> = Library | { readonly default: Library }

export function unwrapped<Library extends object>(loaded: Loaded<Library>): Library {
  return 'default' in loaded ? loaded.default : loaded
}

/** Why an attempt ended, of whatever was thrown. */
export function failureOf(error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error)
  if (!(error instanceof WeirError)) return { reason, code: null, retryAfterMs: null, closeReason: null }
  const { code, retryAfterSeconds, details } = error
  return {
    reason: details.closeMessage ?? reason,
    code,
    retryAfterMs: retryAfterSeconds === null ? null : retryAfterSeconds * 1000,
    closeReason: (details.closeReason as CloseReason | undefined) ?? null,
  }
}
