import { lstat, mkdir, opendir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentNumber } from '../../../media/segments/names.ts'
import { type Check, healthy, warning } from '../check.ts'

/** More entries than these are not looked at: then the size is "at least". */
const maxEntries = 50_000
const oldMs = 24 * 3_600_000

export interface FolderContents {
  files: number
  bytes: number
  /** Segments of live streams that nobody deleted: the window of a playlist is far shorter. */
  oldFiles: number
  /** False: there is more than was looked at. */
  complete: boolean
}

/** What lies below a folder. `now` in ms since the epoch. What vanishes meanwhile is not there. */
export async function readFolder(folder: string, now: number, limit = maxEntries): Promise<FolderContents> {
  const contents: FolderContents = { files: 0, bytes: 0, oldFiles: 0, complete: true }
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue
    if (contents.files >= limit) return { ...contents, complete: false }
    const stat = await lstat(join(entry.parentPath, entry.name)).catch(() => null)
    if (!stat) continue
    contents.files += 1
    contents.bytes += stat.size
    // The head of a run is written once and is as old as the run.
    if (now - stat.mtimeMs > oldMs && segmentNumber(entry.name) !== null) contents.oldFiles += 1
  }
  return contents
}

/** The folder of the live segments: that it can be written, how much is in it, and whether old files stay behind. */
export function temporaryFolderCheck(
  folder: string,
  now: () => number,
  measured: (contents: FolderContents) => void = () => {},
): Check {
  return {
    component: 'TEMPORARY_FOLDER',
    name: 'temporary_folder',
    costly: true,
    async check() {
      const probe = join(folder, `.health-${process.pid}`)
      await mkdir(folder, { recursive: true })
      await writeFile(probe, 'weir')
      await rm(probe, { force: true })
      const contents = await readFolder(folder, now())
      measured(contents)
      if (contents.oldFiles > 0) return warning('Files of more than 24 hours lie in it.', { ...contents })
      return healthy('It can be written.', { ...contents })
    },
  }
}
