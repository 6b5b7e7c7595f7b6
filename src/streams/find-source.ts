import type { SecretBox } from '../platform/secret-box.ts'
import { SourceFailure } from './causes.ts'
import type { StreamSource } from './model.ts'
import type { MediaFiles } from './source.ts'
import { type SealedSource, sourceToOpen } from './source-secret.ts'

/**
 * The source as it is opened: a URL with its secrets, a file by its absolute path. Throws SourceFailure where there is no such file, or no
 * key to the secrets.
 */
export async function findSource(
  row: SealedSource & { id: string },
  { files, secrets }: { files: MediaFiles; secrets: SecretBox },
): Promise<StreamSource> {
  const source = sourceToOpen(secrets, row)
  if (source.kind !== 'FILE') return source
  try {
    return { ...source, path: await files.resolve(source.path, 'path') }
  } catch (error) {
    throw new SourceFailure('NOT_FOUND', error instanceof Error ? error.message : undefined)
  }
}
