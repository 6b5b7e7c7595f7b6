import type { FailureCause, UrlSource } from '../../streams/model.ts'
import type { SourceRules } from '../policy.ts'
import type { Address } from './resolve.ts'

/** What serves one source of some protocol. */
export interface WayRequest {
  source: UrlSource
  rules: SourceRules
  /**
   * The addresses of a host (a name, or an IP address with or without brackets) that may be connected to: connect to these and to no other, and
   * ask again for each new host. Never empty; kept for a while. Rejects with SourceFailure: BLOCKED, DNS, TIMEOUT.
   */
  resolve(host: string): Promise<readonly Address[]>
  /** Aborted when the source is closed. */
  signal: AbortSignal
  /** What went wrong, before FFmpeg gets to feel it. The last one counts. `note`: a sentence without secrets. */
  report(cause: FailureCause, note: string): void
  /** Media flows: what went wrong before is over. Cheap; may be called at every piece. */
  flows(): void
}

/** A source that is open: its address on loopback, with a path that nobody guesses, for FFmpeg. */
export interface Way {
  url: string
  /** Ends its listeners and connections. Idempotent. */
  close(): void
}

/** Rejects with SourceFailure for what may not be connected to at all. */
export type OpenWay = (request: WayRequest) => Promise<Way>
