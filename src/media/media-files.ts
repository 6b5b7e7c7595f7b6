import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { badInput } from '../errors.ts'
import type { MediaFiles } from '../streams/source.ts'

/** The files below `mediaDir`; links are followed before it is decided whether a file lies below. */
export function createMediaFiles(mediaDir: string): MediaFiles {
  return {
    async resolve(file, path) {
      const root = await realpath(mediaDir).catch(() => null)
      if (root === null) throw badInput(path, 'MEDIA_DIR does not exist: make the folder, or set MEDIA_DIR')
      const found = await realpath(join(root, file)).catch(() => null)
      if (found === null) throw badInput(path, 'there is no such file below MEDIA_DIR')
      if (!found.startsWith(root + sep)) throw badInput(path, 'leads outside MEDIA_DIR')
      if (!(await stat(found)).isFile()) throw badInput(path, 'is not a file')
      return found
    },
  }
}
