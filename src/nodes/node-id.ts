import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kindOfId, newId } from '../ids.ts'

const fileName = 'node-id'

/**
 * The id that this node keeps in its data folder: a restarted process is the same node. The folder has to be held by this
 * process. Made, and moved to its place when whole, where there is none.
 */
export function nodeIdOf(dataDir: string): string {
  const file = join(dataDir, fileName)
  try {
    const id = readFileSync(file, 'utf8').trim()
    if (kindOfId(id) === 'MediaNode') return id
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const id = newId('MediaNode')
  writeFileSync(`${file}.new`, `${id}\n`)
  renameSync(`${file}.new`, file)
  return id
}
