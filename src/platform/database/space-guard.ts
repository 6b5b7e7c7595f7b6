import { statfs } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { Logger } from '../logs/logger.ts'

/** Below this the embedded database takes no writes; a new piece of its write-ahead log is 16 MB. */
export const scarceBytes = 64 * 2 ** 20
/** Above this it takes them again. */
const enoughBytes = 96 * 2 ** 20
const lookEveryMs = 1000

/** Whether the database is to be read-only now; between the two marks it stays as it is. */
export function isReadOnlyWanted(freeBytes: number, isReadOnly: boolean): boolean {
  return freeBytes < scarceBytes || (isReadOnly && freeBytes < enoughBytes)
}

/**
 * Makes the embedded database read-only while the disk is nearly full: reads and all that runs go on, writes fail with
 * SQLSTATE 25006. A PGlite that can not extend its write-ahead log never returns, and our thread with it.
 */
export function startSpaceGuard(client: PGlite, folder: string, logger: Logger): { stop(): Promise<void> } {
  let isReadOnly = false
  let looking: Promise<void> | null = null

  async function look(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(folder)
      const wanted = isReadOnlyWanted(bavail * bsize, isReadOnly)
      if (wanted === isReadOnly || client.closed) return
      await client.exec(`set default_transaction_read_only = ${wanted ? 'on' : 'off'}`)
      isReadOnly = wanted
      if (wanted)
        logger.error(
          { folder },
          'the disk of the data folder is nearly full: nothing is stored until there is space again',
        )
      else logger.info({ folder }, 'there is space on the disk of the data folder again: changes are stored')
    } catch (error) {
      logger.warn({ err: error, folder }, 'the space on the disk of the data folder is not known')
    }
  }

  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null
    })
  }, lookEveryMs)
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
