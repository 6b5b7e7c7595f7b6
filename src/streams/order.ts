import { appendEvents } from '../events/store.ts'
import type { Database } from '../platform/database/database.ts'
import type { EventActor, streams } from '../platform/database/tables.ts'
import { updateStream } from './store.ts'
import type { StreamOrder, StreamRow } from './types.ts'

/** Writes an order with its event, on a row that the caller's transaction has locked. Answers with the row as it is then, the same where it is so already. */
export async function orderStream(
  tx: Database,
  row: StreamRow,
  what: StreamOrder,
  actor: EventActor,
): Promise<StreamRow> {
  const patch = orderPatch(row, what)
  if (patch === null) return row
  const changed = await updateStream(tx, row.id, { ...patch, generation: row.generation + 1 })
  await appendEvents(tx, [
    {
      projectId: row.projectId,
      type: 'stream.ordered',
      subjectId: row.id,
      actor,
      data: { order: what, desiredState: changed.desiredState, generation: changed.generation },
    },
  ])
  return changed
}

/** What an order changes of a stream; null where it is so already. */
export function orderPatch(
  row: Pick<StreamRow, 'desiredState' | 'startOrder' | 'state' | 'observedGeneration' | 'generation'>,
  order: StreamOrder,
): Partial<typeof streams.$inferInsert> | null {
  if (order === 'STOP') return row.desiredState === 'STOPPED' ? null : { desiredState: 'STOPPED' }
  // A file that has been played to its end rests although it is wanted: starting it plays it again.
  const atRest = row.state === 'STOPPED' && row.generation === row.observedGeneration
  if (order === 'START' && row.desiredState === 'RUNNING' && !atRest) return null
  return { desiredState: 'RUNNING', startOrder: row.startOrder + 1, restarts: 0 }
}
