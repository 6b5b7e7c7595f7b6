import type { Database } from '../platform/database/database.ts'
import type { Logger } from '../platform/logs/logger.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import { createSecretBox } from '../platform/secret-box-aes.ts'
import { type KeyFile, parseSecretKey } from './key-file.ts'
import { keyVerdict } from './key-verdict.ts'
import { hasSealed, lockKeyCheck, saveKeyCheck } from './store.ts'

/** The key of the secrets can't be used. The message is for the person who started us: what is wrong and what to do. */
export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError'
}

export interface SecretKeyParts {
  db: Database
  kind: 'PGLITE' | 'POSTGRESQL'
  /** SECRET_KEY; null where it is not set. */
  secretKey: string | null
  /** SECRET_KEY_PREVIOUS: a key, `lost`, or null where it is not set. */
  previous: string | null
  keyFile: KeyFile
  logger: Logger
}

const checkText = 'weir'
const checkPlace = 'cluster.secretKeyCheck'

/**
 * The box of this database's secrets: by SECRET_KEY, else by the file, which is made where the database has no key yet. The first node
 * leaves a mark in the database by which every later one knows whether it has the same key; all under one lock, so that of two first
 * nodes one is told. A file beside a SECRET_KEY counts as the key before. Throws SecretKeyError.
 */
export async function openSecretBox(parts: SecretKeyParts): Promise<SecretBox> {
  const { db, kind, keyFile, logger } = parts
  const alone = kind === 'PGLITE'
  const fromFile = readFile(keyFile)
  const given = parts.secretKey === null ? null : parseSecretKey(parts.secretKey)
  const key = given ?? fromFile
  const named = parts.previous === null || parts.previous === 'lost' ? null : parseSecretKey(parts.previous)
  const previous = named ?? (given ? fromFile : null)

  return db.transaction(async (tx) => {
    const check = await lockKeyCheck(tx)
    const isMark = (one: Uint8Array | null) =>
      one !== null && check !== null && createSecretBox(one).isCurrent(check, checkPlace)
    const markedBy = check === null ? 'NOBODY' : isMark(key) ? 'THIS' : isMark(previous) ? 'PREVIOUS' : 'ANOTHER'
    const verdict = keyVerdict({
      hasKey: key !== null,
      markedBy,
      alone,
      hasSealed: await hasSealed(tx),
      givesUp: parts.previous === 'lost',
    })
    if (verdict === 'MISSING' || verdict === 'WRONG') throw new SecretKeyError(explain(verdict, parts, given !== null))
    if (verdict === 'USE') return createSecretBox(key!, previous)
    // The file first: a mark without its key would lock everybody out, a key without its mark is taken at the next start.
    const box = createSecretBox(key ?? keyFile.make(), previous)
    await saveKeyCheck(tx, box.seal(checkText, checkPlace))
    if (key === null) {
      const file = { file: keyFile.path }
      if (alone) logger.info(file, 'a key for the secrets in the database was made: keep it with your backups')
      else
        logger.warn(
          file,
          'SECRET_KEY is not set: a key was made on this node; every other node on this database needs it',
        )
    }
    if (markedBy === 'PREVIOUS')
      logger.info({}, 'SECRET_KEY has changed: what the one before it encrypted is encrypted anew')
    if (markedBy === 'ANOTHER')
      logger.warn({}, 'another SECRET_KEY is in use from now on; what the one before it encrypted is lost')
    return box
  })
}

function readFile(keyFile: KeyFile): Uint8Array | null {
  try {
    return keyFile.read()
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it holds no key' : ((error as NodeJS.ErrnoException).code ?? 'unknown')
    throw new SecretKeyError(
      `The key of the secrets in ${keyFile.path} can not be read (${why}). Put back the file that was there, readable for this user, or set SECRET_KEY to what it held.`,
    )
  }
}

function explain(verdict: 'MISSING' | 'WRONG', { keyFile, kind }: SecretKeyParts, isGiven: boolean): string {
  const where = isGiven ? 'SECRET_KEY' : keyFile.path
  return [
    verdict === 'WRONG'
      ? `The secrets in this database were encrypted with another key than the one in ${where}.`
      : `The secrets in this database were encrypted with a key that this server does not have: SECRET_KEY is not set, and there is no ${keyFile.path}.`,
    kind === 'POSTGRESQL'
      ? '  Set SECRET_KEY to what the other nodes on this DATABASE_URL have, or to what is in DATA_DIR/secret.key of the first of them.'
      : '  Set SECRET_KEY to the key that this database was made with, or put its secret.key back, from a backup of DATA_DIR.',
    ...(isGiven ? ['  Where you change the key: set SECRET_KEY_PREVIOUS to the one before.'] : []),
    '  Where that key is lost for good: set SECRET_KEY_PREVIOUS=lost. Sources with passwords then need their URLs anew; nothing else is lost.',
    '  A new key is made by: openssl rand -base64 32',
  ].join('\n')
}
