import type { FailureCause, StreamSource, UrlSource } from '../streams/model.ts'

/** A URL source as FFmpeg may be told it: everything that it connects to goes through the gate. */
export interface GatedSource {
  /** Of the same kind; its URL leads to the gate on loopback and holds no secret of the source. */
  source: UrlSource
  /** What the gate saw go wrong last, in its own words and without secrets; null while nothing has. It knows better than FFmpeg's log. */
  failure(): { cause: FailureCause; note: string } | null
  /** `act` is called when no media will ever come, as FFmpeg would not know by itself: it may be ended. At once where that is so already. */
  onHopeless(act: () => void): void
  /** A text of FFmpeg's with the source's own addresses, without secrets, in the place of the gate's. */
  plain(text: string): string
  /** Ends every connection that belongs to it. Idempotent. */
  close(): void
}

/**
 * Stands between FFmpeg and the sources: looks at every address at every connect, redirect, playlist entry and key, counts requests, ends loops,
 * keeps the credentials. Rejects with SourceFailure (BLOCKED, DNS …) for what may not be connected to at all.
 */
export interface SourceGate {
  open(source: UrlSource, owner: { projectId: string; streamId: string }): Promise<GatedSource>
  close(): Promise<void>
}

/** A test pattern and a file need no gate. */
export function needsGate(source: StreamSource): source is UrlSource {
  return source.kind !== 'FILE' && source.kind !== 'TEST_PATTERN'
}
