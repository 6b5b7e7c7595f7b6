import { newId } from '../../src/ids.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { consumers, heartbeats } from '../../src/platform/database/tables.ts'

/** Sessions as the store would have opened them, with their row of heartbeats while they are open. */
export async function addConsumer(
  db: Database,
  stream: { id: string; projectId: string },
  values: Partial<typeof consumers.$inferInsert> = {},
) {
  const [row] = await db
    .insert(consumers)
    .values({
      id: newId('Consumer'),
      projectId: stream.projectId,
      streamId: stream.id,
      clientId: 'player',
      protocol: 'MEDIASOUP',
      state: 'CONNECTED',
      ...values,
    })
    .returning()
  if (row!.state !== 'CLOSED') await db.insert(heartbeats).values({ consumerId: row!.id, at: row!.openedAt })
  return row!
}
