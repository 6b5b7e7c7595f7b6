import { and, eq, isNull, sum } from 'drizzle-orm'
import { WeirError } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { streams } from '../src/platform/database/tables.ts'
import { type RecoverySummary, summarize, summed } from '../src/recovery/store.ts'
import { policyOf } from '../src/streams/policy.ts'
import type { StreamRow } from '../src/streams/types.ts'
import { builder } from './builder.ts'

/** A summary with what the rows of the streams say. */
export interface RecoveryFigures extends RecoverySummary {
  enabled: boolean
  restarts: number
}

export const RecoveryStats = builder.objectRef<RecoveryFigures>('RecoveryStats').implement({
  description: 'What recovery does, in figures: of one stream, or of all together.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: 'What fails is started anew. Of all: as the server sets it.' }),
    restarts: t.exposeInt('restarts', {
      nullable: false,
      description: 'FFmpeg processes that were started for a failure since the last order to start.',
    }),
    lastRestartAt: t.expose('lastRestartAt', {
      type: 'DateTime',
      description: 'When the last failure was answered by an attempt.',
    }),
    sourceRetries: t.exposeInt('sourceRetries', {
      nullable: false,
      description: 'How often a source that was away was asked again in the last 24 hours.',
    }),
    recentAttempts: t.exposeInt('recentAttempts', { nullable: false, description: 'Attempts of the last hour.' }),
    coolingDownUntil: t.expose('coolingDownUntil', {
      type: 'DateTime',
      description: 'It has escalated, and the next attempt comes then. Of all: the last of them.',
    }),
  }),
})

builder.queryField('recoveryStats', (t) =>
  t.field({
    type: RecoveryStats,
    description: 'Of one stream, or of all of the project together.',
    args: { streamId: t.arg.id() },
    resolve: async (_, args, { db, loaders, caller, policy, now }) => {
      const projectId = caller.projectId!
      if (args.streamId != null) {
        const id = requireId(args.streamId, 'Stream', 'streamId')
        const stream = (await loaders.nodes.load(id)) as StreamRow | null
        if (!stream) throw new WeirError('NOT_FOUND', 'There is no such stream.')
        const { enabled } = policyOf(policy, stream.recoveryPolicy)
        return { ...(await loaders.recovery.load(id)), enabled, restarts: stream.restarts }
      }
      const summaries = await summarize(db, projectId, null, new Date(now()))
      const [row] = await db
        .select({ restarts: sum(streams.restarts).mapWith(Number) })
        .from(streams)
        .where(and(eq(streams.projectId, projectId), isNull(streams.deletedAt)))
      return { ...summed(summaries.values()), enabled: policy.enabled, restarts: row?.restarts ?? 0 }
    },
  }),
)
