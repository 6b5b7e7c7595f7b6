/** A file of a run that is open for one answer. */
export interface OpenSegment {
  sizeBytes: number
  /** Its bytes from `start` to `end`, both included. The file is closed with it. */
  read(start: number, end: number): ReadableStream<Uint8Array>
  /** For an answer without a body. */
  close(): Promise<void>
}
