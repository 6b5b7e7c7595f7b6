import { and, eq, gte, lt } from 'drizzle-orm'
import { requireId } from '../src/ids.ts'
import type { recoveryAttempts } from '../src/platform/database/tables.ts'
import { builder } from './builder.ts'
import { FailureCause, RecoveryAction, RecoveryOutcome } from './enums.ts'
import { Node } from './node.ts'
import { orderBy, pageQuery, readPage, toConnection } from './page.ts'
import { queryFromInfo } from './query.ts'

export type AttemptRow = typeof recoveryAttempts.$inferSelect

export const RecoveryAttempt = builder.drizzleObject('recoveryAttempts', {
  name: 'RecoveryAttempt',
  description:
    'A failure of a stream, what was done about it, and what came of it. Kept for 30 days, the newest 1000 a stream.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    number: t.exposeInt('number', {
      nullable: false,
      description: 'Of the failures in a row it is the n-th; a minute of media begins a new row.',
    }),
    cause: t.expose('cause', { type: FailureCause, nullable: false }),
    evidence: t.expose('evidence', {
      type: 'JSON',
      nullable: false,
      description: 'What it was decided by: exit, lane, the time of the next attempt (nextAttemptAt).',
    }),
    action: t.expose('action', { type: RecoveryAction, nullable: false }),
    outcome: t.expose('outcome', { type: RecoveryOutcome, description: 'Null while it is not decided.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: false, description: 'When the failure was seen.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime' }),
    downtimeSeconds: t.exposeFloat('downtimeSeconds', {
      description: 'From the last media before its row of failures to the first after it; of the one that recovered.',
    }),
    log: t.exposeStringList('log', { nullable: false, description: "The last lines of FFmpeg's log, redacted." }),
  }),
})

export const RecoveryAttemptConnection = builder.connectionObject(
  { type: RecoveryAttempt, name: 'RecoveryAttemptConnection' },
  { name: 'RecoveryAttemptEdge' },
)

/** Newest first. */
export const attemptOrder = orderBy<{ id: string }>('recoveryAttempts', 'desc', ['id'])

builder.queryField('recoveryAttempts', (t) =>
  t.connection(
    {
      type: RecoveryAttempt,
      description: 'Failures and what was done about each, newest first.',
      args: {
        streamId: t.arg.id(),
        from: t.arg({ type: 'DateTime', description: 'By startedAt, inclusive.' }),
        to: t.arg({ type: 'DateTime', description: 'By startedAt, exclusive.' }),
      },
      resolve: async (_, args, context, info) => {
        const page = readPage(args, attemptOrder)
        const streamId = args.streamId == null ? null : requireId(args.streamId, 'Stream', 'streamId')
        const { from, to } = args
        const rows = await context.db.query.recoveryAttempts.findMany(
          queryFromInfo(
            context,
            info,
            pageQuery(page, attemptOrder, (table) =>
              and(
                eq(table.projectId!, context.caller.projectId!),
                streamId === null ? undefined : eq(table.streamId!, streamId),
                from ? gte(table.startedAt!, from) : undefined,
                to ? lt(table.startedAt!, to) : undefined,
              ),
            ),
          ),
        )
        return toConnection(rows, page, attemptOrder)
      },
    },
    RecoveryAttemptConnection,
  ),
)
