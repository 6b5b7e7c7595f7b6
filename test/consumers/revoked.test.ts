import { expect, test } from 'vitest'
import type { ClosedSession } from '../../src/consumers/closing.ts'
import { closeOfDeadKeys } from '../../src/consumers/revoked.ts'
import { newId } from '../../src/ids.ts'
import { apiKeys } from '../../src/platform/database/tables.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addWatchedStream, openRow } from '../support/session-rows.ts'

describeOnBothDatabases('sessions of keys that are no longer good', (database) => {
  test('those of revoked and expired keys are closed, however many; those of good keys and of none go on', async () => {
    const { db } = database()
    const { projectId, stream } = await addWatchedStream(db)
    const addKey = async (ended: { revokedAt?: Date; expiresAt?: Date }) => {
      const id = newId('ApiKey')
      await db.insert(apiKeys).values({ id, projectId, name: 'x', prefix: 'x', hash: id, scopes: ['PLAY'], ...ended })
      return id
    }
    const past = new Date(Date.now() - 60_000)
    const keys = {
      revoked: await addKey({ revokedAt: past }),
      expired: await addKey({ expiresAt: past }),
      good: await addKey({ expiresAt: new Date(Date.now() + 3_600_000) }),
    }
    const open = async (apiKeyId?: string) => {
      const actor = apiKeyId ? ({ kind: 'API_KEY', apiKeyId } as const) : ({ kind: 'ANONYMOUS' } as const)
      return (await openRow(db, projectId, stream.id, { actor })).consumer.id
    }
    const dead: string[] = []
    for (let i = 0; i < 25; i++) dead.push(await open(keys.revoked))
    const expired = await open(keys.expired)
    const alive = [await open(keys.good), await open()]

    const closed: ClosedSession[] = []
    await closeOfDeadKeys(db, (sessions) => closed.push(...sessions))
    expect(closed.map(({ id }) => id).sort()).toEqual([...dead, expired].sort())
    expect(new Set(closed.map(({ reason }) => reason))).toEqual(new Set(['KEY_REVOKED']))
    expect(closed.find(({ id }) => id === expired)!.message).toContain('expired')
    const rows = await db.query.consumers.findMany({ where: { state: { ne: 'CLOSED' } } })
    expect(rows.map(({ id }) => id).sort()).toEqual(alive.sort())
    await closeOfDeadKeys(db, () => expect.unreachable('nothing is closed twice'))
  })
})
