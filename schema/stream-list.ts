import { and, eq, ilike, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { badInput } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { streams } from '../src/platform/database/tables.ts'
import { requireAccess } from './access.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { HealthStatus, SortDirection, StreamState } from './enums.ts'
import { type Columns, orderBy, pageQuery, readPage, requireShortList, toConnection } from './page.ts'
import { queryFromInfo } from './query.ts'
import { Stream } from './stream.ts'

export const StreamFilter = builder.inputType('StreamFilter', {
  description: 'Everything that is given has to match.',
  fields: (t) => ({
    ids: t.idList({ description: 'At most 100.' }),
    states: t.field({ type: [StreamState] }),
    health: t.field({ type: [HealthStatus] }),
    name: t.string({ description: 'A part of the name, in any case.' }),
    labels: t.field({
      type: 'JSON',
      description: 'Labels that it must have, as an object of strings. Needs the READ scope.',
    }),
  }),
})
export type StreamFilterInput = typeof StreamFilter.$inferInput

const StreamOrderField = builder.enumType('StreamOrderField', {
  values: ['NAME', 'CREATED_AT', 'STATE_SINCE'] as const,
})

const StreamOrderBy = builder.inputType('StreamOrderBy', {
  fields: (t) => ({
    field: t.field({ type: StreamOrderField, required: true, defaultValue: 'CREATED_AT' }),
    direction: t.field({ type: SortDirection, required: true, defaultValue: 'DESC' }),
  }),
})

/** The columns of each order. Ids grow with the time of creation, so that they are that order. */
const orderKeys = { NAME: ['name', 'id'], CREATED_AT: ['id'], STATE_SINCE: ['stateSince', 'id'] } as const

function streamOrder(given: typeof StreamOrderBy.$inferInput | null | undefined) {
  const { field, direction } = given ?? { field: 'CREATED_AT', direction: 'DESC' }
  return orderBy<{ id: string; name: string; stateSince: Date }>(
    `streams-${field}`,
    direction === 'ASC' ? 'asc' : 'desc',
    orderKeys[field],
  )
}

/** The project's streams that match and aren't deleted. Throws BAD_USER_INPUT, and what a filter by labels asks for. */
export function streamFilter(
  { caller }: GraphqlContext,
  filter: StreamFilterInput | null | undefined,
): (streams: Columns) => SQL | undefined {
  requireShortList(filter?.ids, 'filter.ids')
  filter?.ids?.forEach((id, index) => {
    requireId(id, 'Stream', `filter.ids.${index}`)
  })
  if (filter?.labels != null) {
    requireAccess(caller, 'READ', 'a filter by labels')
    if (!isLabels(filter.labels)) throw badInput('filter.labels', 'must be an object of strings')
  }
  return (table) =>
    and(
      eq(table.projectId!, caller.projectId!),
      isNull(table.deletedAt!),
      filter?.ids ? inArray(table.id!, filter.ids) : undefined,
      filter?.health ? inArray(table.health!, filter.health) : undefined,
      filter?.states ? inArray(table.state!, filter.states) : undefined,
      filter?.name ? ilike(table.name!, `%${filter.name.replaceAll(/[\\%_]/g, '\\$&')}%`) : undefined,
      filter?.labels != null ? sql`${table.labels} @> ${sql.param(filter.labels, table.labels)}` : undefined,
    )
}

function isLabels(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((label) => typeof label === 'string')
  )
}

const StreamConnection = builder.connectionObject(
  {
    type: Stream,
    name: 'StreamConnection',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many match, on all pages.',
        resolve: (page) => (page as unknown as { countAll: () => Promise<number> }).countAll(),
      }),
    }),
  },
  { name: 'StreamEdge' },
)

builder.queryFields((t) => ({
  stream: t.field({
    type: Stream,
    description: 'A stream by its id, deleted ones too; null where there is none.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { loaders }) => loaders.nodes.load(requireId(id, 'Stream', 'id')) as Promise<never>,
  }),
  streams: t.connection(
    {
      type: Stream,
      args: { filter: t.arg({ type: StreamFilter }), orderBy: t.arg({ type: StreamOrderBy }) },
      resolve: async (_, args, context, info) => {
        const order = streamOrder(args.orderBy)
        const page = readPage(args, order)
        const matches = streamFilter(context, args.filter)
        const rows = await context.db.query.streams.findMany(
          queryFromInfo(context, info, pageQuery(page, order, matches)),
        )
        const countAll = () => context.db.$count(streams, matches(streams as unknown as Columns))
        return { ...toConnection(rows, page, order), countAll }
      },
    },
    StreamConnection,
  ),
}))
