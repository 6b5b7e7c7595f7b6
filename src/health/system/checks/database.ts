import { type Database, pingDatabase } from '../../../platform/database/database.ts'
import { type Check, healthy } from '../check.ts'

/** Its own deadline is short: within seconds it has to be known that the database is away. */
const deadlineMs = 2000

export function databaseCheck(db: Database, kind: 'PGLITE' | 'POSTGRESQL'): Check {
  return {
    component: 'DATABASE',
    name: 'database',
    deadlineMs,
    async check() {
      await pingDatabase(db)
      return healthy('It answers.', { kind })
    },
  }
}
