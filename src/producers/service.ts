import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { requireId } from '../ids.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Database } from '../platform/database/database.ts'
import { once } from '../platform/idempotency.ts'
import { requireScope } from '../projects/scopes.ts'
import * as streamStore from '../streams/store.ts'
import { newSsrc } from './ssrc.ts'
import * as store from './store.ts'
import type { ProducerRow, ProducerService } from './types.ts'

export interface ProducerServiceDeps {
  db: Database
  bus: Bus
  eventsAppended: () => void
}

/** Orders about producers: the row says what is wanted, the node that runs the stream follows. */
export function createProducerService(deps: ProducerServiceDeps): ProducerService {
  const { db, bus } = deps

  function announce(row: ProducerRow): ProducerRow {
    deps.eventsAppended()
    bus.publish('orders', row.streamId)
    bus.publish('streams', row.streamId)
    return row
  }

  return {
    async create(caller: Caller, input, idempotencyKey) {
      const projectId = requireScope(caller, 'WRITE')
      requireId(input.streamId, 'Stream', 'input.streamId')
      const row = await db.transaction(async (tx) => {
        const id = await once(
          tx,
          { projectId, mutation: 'createProducer', key: idempotencyKey ?? null, input },
          async () => {
            const stream = await streamStore.lockStream(tx, projectId, input.streamId)
            if (!stream) throw new WeirError('NOT_FOUND', 'There is no such stream.')
            if (stream.desiredState !== 'RUNNING') {
              throw new WeirError(
                'INVALID_STATE',
                'The stream is stopped: start it, and its producers are made by themselves.',
              )
            }
            if (stream.sourceTracks && !stream.sourceTracks.some((track) => track.kind === input.kind)) {
              throw new WeirError('INVALID_STATE', `The source of this stream has no ${input.kind.toLowerCase()}.`)
            }
            const newest = await store.newestProducer(tx, stream.id, input.kind)
            if (newest && newest.state !== 'CLOSED') {
              throw new WeirError('CONFLICT', `The stream has a producer of this kind: ${newest.id}. Close it first.`)
            }
            await streamStore.updateStream(tx, stream.id, { generation: stream.generation + 1 })
            return (await store.insertProducer(tx, stream, input.kind, newSsrc(), caller.actor)).id
          },
        )
        return (await store.findProducer(tx, id))!
      })
      return announce(row)
    },

    async close(caller: Caller, id) {
      const projectId = requireScope(caller, 'WRITE')
      requireId(id, 'Producer', 'id')
      const row = await db.transaction(async (tx) => {
        const found = await store.findProducer(tx, id)
        // The stream first, as the node's own writes do: one order of locks, no deadlock.
        const stream = found && (await streamStore.lockStream(tx, projectId, found.streamId))
        const producer = stream && (await store.lockProducer(tx, projectId, id))
        if (!producer) throw new WeirError('NOT_FOUND', 'There is no such producer.')
        if (producer.state === 'CLOSED') return producer
        await streamStore.updateStream(tx, stream.id, { generation: stream.generation + 1 })
        const [closed] = await store.closeProducers(tx, [id], 'ORDERED', stream.startOrder, caller.actor)
        return closed!
      })
      return announce(row)
    },
  }
}
