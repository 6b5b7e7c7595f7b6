import type { SecretBox } from '../platform/secret-box.ts'
import { type GatedSource, needsGate, type SourceGate } from '../sources/gate.ts'
import { findSource } from './find-source.ts'
import type { StreamSource } from './model.ts'
import type { MediaFiles } from './source.ts'
import type { SealedSource } from './source-secret.ts'

/** A source as FFmpeg may be told it. Close it when FFmpeg has ended. */
export interface OpenSource {
  source: StreamSource
  /** Null for what needs no gate. */
  gated: GatedSource | null
}

/** Throws SourceFailure for a file that is not there, secrets without a key, and what the gate refuses. */
export async function openSource(
  row: SealedSource & { id: string; projectId: string },
  ports: { files: MediaFiles; secrets: SecretBox; gate: Pick<SourceGate, 'open'> },
): Promise<OpenSource> {
  const source = await findSource(row, ports)
  if (!needsGate(source)) return { source, gated: null }
  const gated = await ports.gate.open(source, { projectId: row.projectId, streamId: row.id })
  return { source: gated.source, gated }
}
