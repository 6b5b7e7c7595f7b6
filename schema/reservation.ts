import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { badInput } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { reservations } from '../src/platform/database/tables.ts'
import type { ReservationRow } from '../src/reservations/types.ts'
import { builder } from './builder.ts'
import { ReservationState } from './enums.ts'
import { Node } from './node.ts'
import { type Columns, orderBy, type PageArgs, pageQuery, readPage, requireShortList, toConnection } from './page.ts'
import { queryFromInfo } from './query.ts'
import { joined, relatedPage } from './related.ts'
import { Stream } from './stream.ts'

export const Reservation = builder.drizzleObject('reservations', {
  name: 'Reservation',
  description: 'A place of a viewer, kept before anybody watches.',
  interfaces: [Node],
  select: true,
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    stream: t.field({
      type: Stream,
      resolve: ({ streamId }, _, { loaders }) => loaders.nodes.load(streamId) as Promise<never>,
    }),
    streamId: t.exposeID('streamId', { nullable: false }),
    source: t.exposeString('source', { nullable: false, description: 'On whose account; quotas count by it.' }),
    holder: t.exposeString('holder', { nullable: true, description: 'For whom, as its maker calls them.' }),
    state: t.expose('state', { type: ReservationState, nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    activatedAt: t.expose('activatedAt', { type: 'DateTime', nullable: true }),
    releasedAt: t.expose('releasedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: false,
      description: 'Until when it is held; of no meaning once it is in use.',
    }),
  }),
})

export const ReservationConnection = builder.connectionObject(
  {
    type: Reservation,
    name: 'ReservationConnection',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many match, on all pages.',
        resolve: (page) => (page as unknown as { countAll: () => Promise<number> }).countAll(),
      }),
    }),
  },
  { name: 'ReservationEdge' },
)

export const ReservationFilter = builder.inputType('ReservationFilter', {
  description: 'Everything that is given has to match.',
  fields: (t) => ({ streamId: t.id(), source: t.string(), states: t.field({ type: [ReservationState] }) }),
})
type ReservationFilterInput = typeof ReservationFilter.$inferInput
type ReservationArgs = PageArgs & { filter?: ReservationFilterInput | null }

/** Newest first: ids grow with the time of making. */
export const reservationOrder = orderBy<{ id: string }>('reservations', 'desc', ['id'])

/** Throws BAD_USER_INPUT. */
function reservationFilter(filter: ReservationFilterInput | null | undefined): (table: Columns) => SQL | undefined {
  const { source, states } = filter ?? {}
  const streamId = filter?.streamId == null ? null : requireId(filter.streamId, 'Stream', 'filter.streamId')
  if (source?.includes('\0')) throw badInput('filter.source', 'no such text')
  requireShortList(states, 'filter.states')
  const isOpen = states?.every((state) => state === 'HELD' || state === 'ACTIVE')
  return (table) =>
    and(
      streamId === null ? undefined : eq(table.streamId!, streamId),
      source == null ? undefined : eq(table.source!, source),
      states ? inArray(table.state!, states) : undefined,
      // Beside the list, in the words of the partial index.
      isOpen ? sql`${table.state!} in ('HELD', 'ACTIVE')` : undefined,
    )
}

builder.queryFields((t) => ({
  reservation: t.field({
    type: Reservation,
    description: 'By its id, also one that has ended; null where there is none.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { loaders }) => loaders.nodes.load(requireId(id, 'Reservation', 'id')) as Promise<never>,
  }),
  reservations: t.connection(
    {
      type: Reservation,
      description: 'Newest first; those that have ended stay for 30 days.',
      args: { filter: t.arg({ type: ReservationFilter }) },
      resolve: async (_, args, context, info) => {
        const page = readPage(args, reservationOrder)
        const matches = reservationFilter(args.filter)
        const own = (table: Columns) => and(eq(table.projectId!, context.caller.projectId!), matches(table))
        const rows = await context.db.query.reservations.findMany(
          queryFromInfo(context, info, pageQuery(page, reservationOrder, own)),
        )
        const countAll = () => context.db.$count(reservations, own(reservations as unknown as Columns))
        return { ...toConnection(rows, page, reservationOrder), countAll }
      },
    },
    ReservationConnection,
  ),
}))

builder.drizzleObjectField(Stream, 'reservations', (t) =>
  t.connection(
    {
      type: Reservation,
      description: 'Newest first; those that have ended stay for 30 days.',
      args: { filter: t.arg({ type: ReservationFilter }) },
      extensions: relatedPage<ReservationArgs, { id: string }>(
        'reservations',
        'Reservation',
        () => reservationOrder,
        (args) => reservationFilter(args.filter),
      ),
      resolve: (stream, args, { db }) => {
        const page = readPage(args, reservationOrder)
        const matches = reservationFilter(args.filter)
        const table = reservations as unknown as Columns
        const countAll = () => db.$count(reservations, and(eq(reservations.streamId, stream.id), matches(table)))
        return { ...toConnection(joined<ReservationRow>(stream, 'reservations'), page, reservationOrder), countAll }
      },
    },
    ReservationConnection,
  ),
)
