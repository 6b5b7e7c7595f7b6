import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** The key that is kept beside the data where SECRET_KEY does not give one: `DATA_DIR/secret.key`, for its owner alone. */
export interface KeyFile {
  path: string
  /** Null where there is no such file. Throws SyntaxError where it holds no key. */
  read(): Uint8Array | null
  /** Makes one by chance. It is on the disk when this returns: it is there whole, or not at all. */
  make(): Uint8Array
}

export function keyFileIn(dataDir: string): KeyFile {
  const path = join(dataDir, 'secret.key')
  return {
    path,
    read() {
      try {
        return parseSecretKey(readFileSync(path, 'utf8').trim())
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    make() {
      const key = randomBytes(32)
      const fresh = `${path}.new`
      // What a process that was killed has left would keep its own rights.
      rmSync(fresh, { force: true })
      const file = openSync(fresh, 'wx', 0o600)
      try {
        writeSync(file, `${key.toString('base64')}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(fresh, path)
      const folder = openSync(dataDir, 'r')
      try {
        fsyncSync(folder)
      } finally {
        closeSync(folder)
      }
      return key
    },
  }
}

/** The 32 bytes that a key in base64, base64url or hex means. Throws SyntaxError, without the text. */
export function parseSecretKey(text: string): Uint8Array {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (bytes.length !== 32) throw new SyntaxError('no key of 32 bytes in base64 or hex')
  return bytes
}
