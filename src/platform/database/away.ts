import { WeirError } from '../../errors.ts'

/** SQLSTATEs and codes of drivers that say: the database is there no longer, not yet, or has no place for us. */
const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|08...|57P0[123]|53300)$/
/** A write where only reading is allowed: how the space guard keeps a full disk from blocking everything. */
const readOnly = '25006'
const maxDepth = 5

/** UNAVAILABLE where an error means that the database can not be used now, by its causes too; null for every other error. */
export function databaseAway(error: unknown): WeirError | null {
  let cause = error
  for (let depth = 0; depth < maxDepth && typeof cause === 'object' && cause !== null; depth++) {
    const code = 'code' in cause ? String(cause.code) : ''
    if (code === readOnly) {
      const message = 'The disk of the data folder is nearly full: nothing can be stored until there is space again.'
      return new WeirError('UNAVAILABLE', message, { retryAfterSeconds: 10 }, { cause: error })
    }
    if (awayCodes.test(code)) {
      const message = 'The database does not answer; try again.'
      return new WeirError('UNAVAILABLE', message, { retryAfterSeconds: 2 }, { cause: error })
    }
    cause = 'cause' in cause ? cause.cause : null
  }
  return null
}
