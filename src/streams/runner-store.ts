import { and, eq } from 'drizzle-orm'
import type { HealthView } from '../health/model.ts'
import type { Database } from '../platform/database/database.ts'
import { leases } from '../platform/database/tables.ts'
import type { ProducerCloseReason } from '../producers/model.ts'
import { newSsrc } from '../producers/ssrc.ts'
import * as producerStore from '../producers/store.ts'
import type { ProducerRow } from '../producers/types.ts'
import type { AttemptWrite } from '../recovery/attempt-log.ts'
import { findRefusal, type Refusal, saveAttempts } from '../recovery/store.ts'
import type { MediaKind, ProcessExit, SourceTrack } from './model.ts'
import type { StateView } from './plan.ts'
import * as streamStore from './store.ts'
import type { StreamRow } from './types.ts'

export interface Lease {
  nodeId: string
  token: number
}

export interface LoadedStream {
  row: StreamRow
  producers: ProducerRow[]
  /** The newest attempt was refused for its password, and nobody may ask again yet. */
  refusal: Refusal | null
}

/**
 * What a runner writes and reads of its stream. Every write is fenced by its lease; null or false: the lease is lost.
 * A write says itself when it was seen, so it may come later than that.
 */
export interface RunnerStore {
  load(): Promise<LoadedStream | null>
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
  health: HealthView
  /** Written in the same transaction, before the state. */
  attempts: readonly AttemptWrite[]
  /** When this was seen, ms since the epoch. */
  at: number
  /** Written long after that: its events bear that time too. */
  late?: boolean
}

export function createRunnerStore(db: Database, streamId: string, lease: Lease): RunnerStore {
  /** Runs `write` in a transaction that holds the lease's row: nobody takes it over before the commit. Null: it is lost. */
  async function fenced<T>(write: (tx: Database) => Promise<T>): Promise<T | null> {
    return db.transaction(async (tx) => {
      const held = await tx
        .select({ token: leases.token })
        .from(leases)
        .where(
          and(eq(leases.resourceId, streamId), eq(leases.ownerNodeId, lease.nodeId), eq(leases.token, lease.token)),
        )
        .for('share')
      return held.length === 0 ? null : write(tx)
    })
  }

  const done = (written: object | null) => written !== null

  return {
    async load() {
      const loaded = await streamStore.loadStream(db, streamId)
      return loaded && { ...loaded, refusal: await findRefusal(db, streamId, new Date()) }
    },
    saveState: (before, { running, attempts, ...write }) =>
      fenced(async (tx) => {
        const eventsAt = write.late ? new Date(write.at) : undefined
        if (attempts.length > 0) await saveAttempts(tx, before, attempts, eventsAt)
        return streamStore.saveState(tx, before, { ...write, mediaNodeId: running ? lease.nodeId : null })
      }),
    saveTracks: async (row, tracks) => done(await fenced((tx) => streamStore.saveTracks(tx, row, tracks))),
    addProducer: async (row, kind) =>
      done(await fenced((tx) => producerStore.insertProducer(tx, row, kind, newSsrc()))),
    closeProducers: async (row, ids, reason) =>
      done(await fenced((tx) => producerStore.closeProducers(tx, ids, reason, row.startOrder))),
    saveProducerState: async (row, state) =>
      done(await fenced((tx) => producerStore.saveProducerState(tx, row, state))),
  }
}
