import { SourceFailure } from './causes.ts'
import type { StreamSource } from './model.ts'
import type { MediaFiles } from './source.ts'

/** The source as FFmpeg is told it: a file by its absolute path. Throws SourceFailure where there is no such file. */
export async function findSource(source: StreamSource, files: MediaFiles): Promise<StreamSource> {
  if (source.kind !== 'FILE') return source
  try {
    return { ...source, path: await files.resolve(source.path, 'path') }
  } catch (error) {
    throw new SourceFailure('NOT_FOUND', error instanceof Error ? error.message : undefined)
  }
}
