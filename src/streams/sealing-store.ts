import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../platform/database/database.ts'
import { streams } from '../platform/database/tables.ts'
import type { SealedSource } from './source-secret.ts'

/** Streams with a URL, deleted ones too, by id after this one; locked until the transaction ends. */
export async function lockUrlSources(
  tx: Database,
  afterId: string,
  limit: number,
): Promise<(SealedSource & { id: string })[]> {
  return tx
    .select({ id: streams.id, source: streams.source, sourceSecret: streams.sourceSecret })
    .from(streams)
    .where(and(gt(streams.id, afterId), sql`${streams.source} ? 'url'`))
    .orderBy(asc(streams.id))
    .limit(limit)
    .for('update')
}

export async function saveSource(tx: Database, id: string, patch: Partial<SealedSource>): Promise<void> {
  await tx.update(streams).set(patch).where(eq(streams.id, id))
}
