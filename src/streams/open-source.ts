import { type GatedSource, needsGate, type SourceGate } from '../sources/gate.ts'
import { findSource } from './find-source.ts'
import type { StreamSource } from './model.ts'
import type { MediaFiles } from './source.ts'

/** A source as FFmpeg may be told it. Close it when FFmpeg has ended. */
export interface OpenSource {
  source: StreamSource
  /** Null for what needs no gate. */
  gated: GatedSource | null
}

/** Throws SourceFailure for a file that is not there, and for what the gate refuses. */
export async function openSource(
  given: StreamSource,
  owner: { projectId: string; streamId: string },
  { files, gate }: { files: MediaFiles; gate: Pick<SourceGate, 'open'> },
): Promise<OpenSource> {
  const source = await findSource(given, files)
  if (!needsGate(source)) return { source, gated: null }
  const gated = await gate.open(source, owner)
  return { source: gated.source, gated }
}
