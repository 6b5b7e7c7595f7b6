import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseAway } from '../../../src/platform/database/away.ts'
import { openTestPglite, openTestPostgres, type TestDatabase } from '../../support/databases.ts'

/** What a statement really throws. */
async function thrownBy(work: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('errors that mean that the database can not be used now', () => {
  let pglite: TestDatabase
  let postgres: TestDatabase
  beforeAll(async () => {
    pglite = await openTestPglite()
    postgres = await openTestPostgres()
  })
  afterAll(() => Promise.all([pglite.close(), postgres.close()]))

  test('a write while the disk is nearly full', async () => {
    await pglite.db.execute(sql`set default_transaction_read_only = on`)
    const error = await thrownBy(() => pglite.db.execute(sql`delete from events`))
    expect(databaseAway(error)).toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 10 } })
  })

  test('a server that ends the connection', async () => {
    const error = await thrownBy(() => postgres.db.execute(sql`select pg_terminate_backend(pg_backend_pid())`))
    expect(databaseAway(error)).toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 2 } })
  })

  test('not a mistake of ours', async () => {
    const error = await thrownBy(() => postgres.db.execute(sql`select nonsense`))
    expect(databaseAway(error)).toBeNull()
    expect(databaseAway(null)).toBeNull()
    expect(databaseAway('ECONNREFUSED')).toBeNull()
  })
})
