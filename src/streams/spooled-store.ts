import { WeirError } from '../errors.ts'
import { databaseAway } from '../platform/database/away.ts'
import type { Lease, RunnerStore, StateReport } from './runner-store.ts'
import type { Spool } from './spool.ts'
import type { SpoolEntry } from './spool-entries.ts'
import type { StreamRow } from './types.ts'

/** A database that takes longer is away. What it does write after that is written again, which changes nothing. */
const deadlineMs = 5000

/**
 * The store of one runner that bears the database being away: what was observed goes to the spool, and counts as written. What has to
 * be agreed upon (tracks, producers made and closed) is refused then as ever.
 */
export function spooledStore(
  store: RunnerStore,
  spool: Spool,
  { streamId, nodeId, token }: Lease & { streamId: string },
): RunnerStore {
  /** Behind what waits already, or nothing would be in order. */
  async function inOrder<T>(work: () => Promise<T>): Promise<T> {
    if (spool.holds(streamId)) await spool.flush()
    if (spool.holds(streamId)) throw away()
    return withDeadline(work)
  }

  /** Writes it, or spools it where the database is away. */
  async function orSpool<T>(work: () => Promise<T>, spooled: T, entry: SpoolEntry): Promise<T> {
    if (!spool.holds(streamId)) {
      try {
        return await withDeadline(work)
      } catch (error) {
        if (!databaseAway(error)) throw error
      }
    }
    spool.add(entry)
    return spooled
  }

  return {
    load: () => inOrder(() => store.load()),
    saveTracks: (...args) => inOrder(() => store.saveTracks(...args)),
    addProducer: (...args) => inOrder(() => store.addProducer(...args)),
    closeProducers: (...args) => inOrder(() => store.closeProducers(...args)),
    saveState: (before, report) =>
      orSpool(() => store.saveState(before, report), rowAfter(before, report, nodeId), {
        kind: 'STATE',
        streamId,
        token,
        at: report.at,
        report,
        healthOnly: isHealthOnly(before, report),
      }),
    saveProducerState: (row, state) =>
      orSpool(() => store.saveProducerState(row, state), true, {
        kind: 'PRODUCER',
        streamId,
        token,
        at: Date.now(),
        producerId: row.id,
        state,
      }),
  }
}

/** Writes a spooled entry by the store of its lease; false where the lease is lost or there is nothing to write to any more. */
export async function writeSpooled(store: RunnerStore, entry: SpoolEntry): Promise<boolean> {
  const loaded = await withDeadline(() => store.load())
  if (!loaded) return false
  if (entry.kind === 'STATE') {
    const report = { ...entry.report, late: true }
    return (await withDeadline(() => store.saveState(loaded.row, report))) !== null
  }
  const producer = loaded.producers.find(({ id }) => id === entry.producerId)
  return producer !== undefined && (await withDeadline(() => store.saveProducerState(producer, entry.state)))
}

/** The row as the database will have it. */
function rowAfter(before: StreamRow, { view, health, at, ...report }: StateReport, nodeId: string): StreamRow {
  return {
    ...before,
    state: view.state,
    stateCause: view.cause,
    stateReason: view.reason,
    stateSince: view.state === before.state ? before.stateSince : new Date(at),
    observedGeneration: report.observedGeneration,
    mediaNodeId: report.running ? nodeId : null,
    restarts: report.restarts,
    lastExit: report.lastExit,
    health: health.status,
    healthIssues: health.issues,
  }
}

function isHealthOnly(before: StreamRow, { view, ...report }: StateReport): boolean {
  return (
    view.state === before.state &&
    view.cause === before.stateCause &&
    report.observedGeneration === before.observedGeneration &&
    report.restarts === before.restarts &&
    report.lastExit?.at === before.lastExit?.at &&
    report.running === (before.mediaNodeId !== null) &&
    report.attempts.length === 0
  )
}

async function withDeadline<T>(work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(away()), deadlineMs)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

function away(): WeirError {
  return new WeirError('UNAVAILABLE', 'The database does not answer.', {}, { cause: { code: 'CONNECT_TIMEOUT' } })
}
