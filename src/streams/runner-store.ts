import { and, eq } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { leases } from '../platform/database/tables.ts'
import type { ProducerCloseReason } from '../producers/model.ts'
import { newSsrc } from '../producers/ssrc.ts'
import * as producerStore from '../producers/store.ts'
import type { ProducerRow } from '../producers/types.ts'
import type { MediaKind, ProcessExit, SourceTrack } from './model.ts'
import type { StateView } from './plan.ts'
import * as streamStore from './store.ts'
import type { StreamRow } from './types.ts'

export interface Lease {
  nodeId: string
  token: number
}

/** What a runner writes and reads of its stream. Every write is fenced by its lease; null or false: the lease is lost. */
export interface RunnerStore {
  load(): Promise<{ row: StreamRow; producers: ProducerRow[] } | null>
  saveState(before: StreamRow, write: StateReport): Promise<StreamRow | null>
  saveTracks(row: StreamRow, tracks: SourceTrack[]): Promise<boolean>
  addProducer(row: StreamRow, kind: MediaKind): Promise<boolean>
  closeProducers(row: StreamRow, ids: string[], reason: ProducerCloseReason): Promise<boolean>
  saveProducerState(row: ProducerRow, state: 'CREATED' | 'ACTIVE'): Promise<boolean>
}

export interface StateReport {
  view: StateView
  observedGeneration: number
  /** Whether this node runs it. */
  running: boolean
  restarts: number
  lastExit: ProcessExit | null
}

export function createRunnerStore(db: Database, streamId: string, lease: Lease): RunnerStore {
  /** Runs `write` in a transaction that holds the lease's row: nobody takes it over before the commit. */
  async function fenced(write: (tx: Database) => Promise<void>): Promise<boolean> {
    return db.transaction(async (tx) => {
      const held = await tx
        .select({ token: leases.token })
        .from(leases)
        .where(
          and(eq(leases.resourceId, streamId), eq(leases.ownerNodeId, lease.nodeId), eq(leases.token, lease.token)),
        )
        .for('share')
      if (held.length === 0) return false
      await write(tx)
      return true
    })
  }

  return {
    load: () => streamStore.loadStream(db, streamId),
    saveState: (before, { running, ...write }) =>
      streamStore.saveState(db, lease, before, { ...write, mediaNodeId: running ? lease.nodeId : null }),
    saveTracks: (row, tracks) => streamStore.saveTracks(db, lease, row, tracks),
    addProducer: (row, kind) =>
      fenced(async (tx) => {
        await producerStore.insertProducer(tx, row, kind, newSsrc())
      }),
    closeProducers: (row, ids, reason) =>
      fenced(async (tx) => {
        await producerStore.closeProducers(tx, ids, reason, row.startOrder)
      }),
    saveProducerState: (row, state) => fenced((tx) => producerStore.saveProducerState(tx, row, state)),
  }
}
