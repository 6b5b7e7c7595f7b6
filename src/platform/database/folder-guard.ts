import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseOpenError, explainFolderError } from './open-error.ts'

/** A folder held by this process; nobody else gets it until `release` or the end of this process. */
export interface FolderGuard {
  release(): void
}

const lockFile = 'lock'
const ownerFile = 'lock.pid'
const sqliteBusy = 5
const attempts = 6
const pauseMs = { least: 10, most: 60 }

/**
 * Takes a folder for this process, making it where it is missing. Throws DatabaseOpenError: FOLDER_IN_USE with the pid of its
 * owner, FOLDER_NOT_USABLE, DISK_FULL.
 *
 * The lock is the kernel's record lock that SQLite takes on an empty file: one of two simultaneous takers gets it, it
 * holds across containers on one file system, and it ends with its process however that ends, so there is nothing
 * stale to recognise. Nothing else in this process may open the file: closing any descriptor of it would drop the lock.
 */
export function takeFolder(folder: string): FolderGuard {
  try {
    mkdirSync(folder, { recursive: true })
    // SQLite would not say what is wrong with it.
    accessSync(folder, constants.W_OK | constants.X_OK)
    const lock = lockOrNull(join(folder, lockFile))
    if (!lock) throw inUse(folder)
    const release = () => {
      if (lock.isOpen) lock.close()
    }
    try {
      writeFileSync(join(folder, ownerFile), `${process.pid}\n`)
    } catch (error) {
      release()
      throw error
    }
    return { release }
  } catch (error) {
    throw explainFolderError(error, folder) ?? error
  }
}

/**
 * Null where another process holds it. Of two that come at the same instant each may see the other's first, shared lock and both
 * give way: they come again after different pauses. A real owner is still there after all of them.
 */
function lockOrNull(file: string): DatabaseSync | null {
  const lock = new DatabaseSync(file)
  try {
    lock.exec('PRAGMA busy_timeout = 0')
    for (let attempt = 1; ; attempt++) {
      if (tryLock(lock)) return lock
      if (attempt === attempts) break
      pause(pauseMs.least + Math.random() * (pauseMs.most - pauseMs.least))
    }
  } catch (error) {
    lock.close()
    throw error
  }
  lock.close()
  return null
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === sqliteBusy) return false
    throw error
  }
}

/** Nothing else happens yet at the start: the whole process may wait. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function inUse(folder: string): DatabaseOpenError {
  const owner = readOwner(folder)
  return new DatabaseOpenError(
    'FOLDER_IN_USE',
    `The data folder ${folder} is in use by another Weir${owner === null ? '' : ` (process ${owner})`}. ` +
      'Stop that one first, or give this one another DATA_DIR; several processes on one database need PostgreSQL (DATABASE_URL).',
  )
}

/** The pid that the owner wrote. Between its taking the lock and its writing there lie microseconds: null then, or an older one that is gone. */
function readOwner(folder: string): number | null {
  const file = join(folder, ownerFile)
  if (!existsSync(file)) return null
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  return Number.isInteger(pid) && isAlive(pid) ? pid : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
