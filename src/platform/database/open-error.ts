/** Why the database could not be opened. */
export type DatabaseOpenReason =
  | 'FOLDER_IN_USE'
  | 'FOLDER_NOT_USABLE'
  | 'DISK_FULL'
  | 'DAMAGED'
  | 'BAD_URL'
  | 'UNREACHABLE'
  | 'REFUSED'
  | 'TOO_NEW'

/** The database could not be opened. The message is for the person who started us: what is wrong and what to do. */
export class DatabaseOpenError extends Error {
  readonly reason: DatabaseOpenReason

  constructor(reason: DatabaseOpenReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseOpenError'
    this.reason = reason
  }
}

/** The system's code of an error (ENOSPC, ECONNREFUSED, SQLSTATE …), looked for down its chain of causes; null where there is none. */
export function errorCodeOf(error: unknown): string | null {
  for (let depth = 0; error instanceof Error && depth < 8; depth++, error = error.cause) {
    if ('code' in error && typeof error.code === 'string') return error.code
  }
  return null
}

const notUsable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ELOOP', 'ENAMETOOLONG'])

/** What an error says about the data folder, as DatabaseOpenError; null where it is about something else. */
export function explainFolderError(error: unknown, folder: string): DatabaseOpenError | null {
  if (error instanceof DatabaseOpenError) return error
  const code = errorCodeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DatabaseOpenError(
      'DISK_FULL',
      `The disk of the data folder ${folder} is full. Free some space (a new database needs 128 MB) or set DATA_DIR to a folder elsewhere.`,
      { cause: error },
    )
  }
  if (code === null || !notUsable.has(code)) return null
  return new DatabaseOpenError(
    'FOLDER_NOT_USABLE',
    `The data folder ${folder} can not be written (${code}). Give this user the right to write there, or set DATA_DIR to a folder elsewhere.`,
    { cause: error },
  )
}
