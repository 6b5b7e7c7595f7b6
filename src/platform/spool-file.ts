import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SpoolFile } from '../streams/spool.ts'

/** A file of lines that is only ever appended to, or replaced as a whole. */
export function openSpoolFile(path: string): SpoolFile {
  const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('')
  return {
    async read() {
      try {
        return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      }
    },
    async append(lines) {
      await mkdir(dirname(path), { recursive: true })
      await appendFile(path, text(lines), { mode: 0o600 })
    },
    async replace(lines) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(`${path}.new`, text(lines), { mode: 0o600 })
      await rename(`${path}.new`, path)
    },
  }
}
