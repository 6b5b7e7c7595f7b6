import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { consumers } from '../platform/database/tables.ts'
import type { SessionNotice, SessionRef } from './media.ts'

/** What a node looks at to find what nobody told it, or nobody could. */
export interface ReconcileDeps {
  db: Database
  nodeId: string
  /** The transports that are here. */
  list: () => SessionRef[]
  close: (ref: SessionRef) => Promise<unknown>
  notice: (notice: SessionNotice) => void
  now: () => number
}

/** Rows that are read at a time. */
const readAtOnce = 500
const idOf = ({ consumerId, incarnation }: SessionRef) => `${consumerId} ${incarnation}`

/**
 * One look at a node's transports and its sessions as the database has them. A transport whose session is closed, is elsewhere or was opened again
 * is closed; a session that is connected here by its row, and of which there is no transport, has lost it. Either only where it was so at the
 * look before, too: what is just being opened is no difference.
 */
export class Reconcile {
  private readonly deps: ReconcileDeps
  private orphans = new Set<string>()
  private missing = new Set<string>()

  constructor(deps: ReconcileDeps) {
    this.deps = deps
  }

  async look(): Promise<void> {
    const here = this.deps.list()
    await this.closeOrphans(here)
    await this.tellMissing(new Set(here.map(idOf)))
  }

  private async closeOrphans(here: readonly SessionRef[]): Promise<void> {
    const { db, nodeId, close } = this.deps
    const orphans = new Set<string>()
    for (let from = 0; from < here.length; from += readAtOnce) {
      const refs = here.slice(from, from + readAtOnce)
      const rows = await db
        .select({ consumerId: consumers.id, incarnation: consumers.incarnation })
        .from(consumers)
        .where(
          and(
            inArray(
              consumers.id,
              refs.map((ref) => ref.consumerId),
            ),
            eq(consumers.mediaNodeId, nodeId),
            sql`${consumers.state} <> 'CLOSED'`,
          ),
        )
      const good = new Set(rows.map(idOf))
      for (const ref of refs) {
        if (good.has(idOf(ref))) continue
        if (this.orphans.has(idOf(ref))) await close(ref)
        else orphans.add(idOf(ref))
      }
    }
    this.orphans = orphans
  }

  private async tellMissing(here: ReadonlySet<string>): Promise<void> {
    const { db, nodeId, notice, now } = this.deps
    const missing = new Set<string>()
    for (let after = ''; ; ) {
      const rows = await db
        .select({ consumerId: consumers.id, incarnation: consumers.incarnation, state: consumers.state })
        .from(consumers)
        .where(
          and(eq(consumers.mediaNodeId, nodeId), sql`${consumers.state} <> 'CLOSED'`, sql`${consumers.id} > ${after}`),
        )
        .orderBy(consumers.id)
        .limit(readAtOnce)
      for (const { state, ...ref } of rows) {
        // NEW: it is being opened, or its player never came; the sweep sees to it.
        if (state === 'NEW' || state === 'STALE' || here.has(idOf(ref))) continue
        if (this.missing.has(idOf(ref))) notice({ ...ref, what: 'DISCONNECTED', at: now() })
        else missing.add(idOf(ref))
      }
      if (rows.length < readAtOnce) break
      after = rows.at(-1)!.consumerId
    }
    this.missing = missing
  }
}
