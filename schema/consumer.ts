import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { SessionFigures, SessionTrack } from '../src/consumers/media.ts'
import type { ConsumerRow } from '../src/consumers/types.ts'
import { badInput } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { consumers } from '../src/platform/database/tables.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { CloseReason, ConsumerProtocol, ConsumerState, MediaKind } from './enums.ts'
import { Node } from './node.ts'
import { type Columns, orderBy, type PageArgs, pageQuery, readPage, requireShortList, toConnection } from './page.ts'
import { rounded } from './process.ts'
import { queryFromInfo } from './query.ts'
import { joined, relatedPage } from './related.ts'
import { Stream } from './stream.ts'

/** What its node measures of a session; null where none does. */
async function figuresOf(row: ConsumerRow, { loaders }: GraphqlContext): Promise<SessionFigures | null> {
  return row.state === 'CLOSED' || row.protocol === 'HLS' ? null : loaders.sessionFigures.load(row)
}

export const ConsumerTrack = builder.objectRef<SessionTrack>('ConsumerTrack').implement({
  description: 'A kind of media that a session receives: a mediasoup consumer.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "mediasoup's consumer has the same id." }),
    producerId: t.exposeID('producerId', { nullable: false, description: "The stream's producer." }),
    kind: t.expose('kind', { type: MediaKind, nullable: false }),
    paused: t.exposeBoolean('paused', { nullable: false }),
    consumerOptions: t.expose('consumerOptions', { type: 'ConsumerOptions', nullable: false }),
  }),
})

export const Consumer = builder.drizzleObject('consumers', {
  name: 'Consumer',
  description: 'A session of a player. Its figures are what its node measured last; null is not measured.',
  interfaces: [Node],
  fields: (t) => ({
    // Not `expose`: that would read a row anew which a loader, a mutation or a subscription has at hand.
    id: t.id({ nullable: false, resolve: ({ id }) => id }),
    // By the loader, which reads what the caller may see: a session's token opens its stream no further than it is public.
    stream: t.field({
      type: Stream,
      resolve: ({ streamId }, _, { loaders }) => loaders.nodes.load(streamId) as Promise<never>,
    }),
    streamId: t.id({ nullable: false, resolve: ({ streamId }) => streamId }),
    clientId: t.string({
      nullable: false,
      description: 'As who opened it calls it.',
      resolve: ({ clientId }) => clientId,
    }),
    source: t.string({ nullable: true, description: 'On whose account it watches.', resolve: ({ source }) => source }),
    state: t.field({ type: ConsumerState, nullable: false, resolve: ({ state }) => state }),
    stateSince: t.field({ type: 'DateTime', nullable: false, resolve: ({ stateSince }) => stateSince }),
    protocol: t.field({ type: ConsumerProtocol, nullable: false, resolve: ({ protocol }) => protocol }),
    openedAt: t.field({ type: 'DateTime', nullable: false, resolve: ({ openedAt }) => openedAt }),
    lastHeartbeatAt: t.field({
      type: 'DateTime',
      extensions: { live: true },
      description: 'Null: none has come, and it lives by its connection.',
      resolve: async (row, _, { loaders }) =>
        row.state === 'CLOSED' ? row.lastHeartbeatAt : (await loaders.heartbeats.load(row.id))?.at,
    }),
    closedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ closedAt }) => closedAt }),
    closeReason: t.field({ type: CloseReason, nullable: true, resolve: ({ closeReason }) => closeReason }),
    closeMessage: t.string({
      nullable: true,
      description: 'What its player is told.',
      resolve: ({ closeMessage }) => closeMessage,
    }),
    sessionSeconds: t.float({
      nullable: false,
      description: 'From its opening to its end, or to now.',
      resolve: ({ openedAt, closedAt }, _, { now }) =>
        Math.max(0, ((closedAt?.getTime() ?? now()) - openedAt.getTime()) / 1000),
    }),
    bitrateBps: t.field({
      type: 'BigInt',
      extensions: { live: true },
      resolve: async (row, _, context) => rounded((await figuresOf(row, context))?.bitrateBps),
    }),
    bytesSent: t.field({
      type: 'BigInt',
      extensions: { live: true },
      description: 'By its transport as it is now: reopened, it begins anew.',
      resolve: async (row, _, context) => (await figuresOf(row, context))?.bytesSent,
    }),
    packetsLost: t.field({
      type: 'BigInt',
      extensions: { live: true },
      resolve: async (row, _, context) => (await figuresOf(row, context))?.packetsLost,
    }),
    roundTripMs: t.float({
      extensions: { live: true },
      resolve: async (row, _, context) => (await figuresOf(row, context))?.roundTripMs,
    }),
    measuredAt: t.field({
      type: 'DateTime',
      extensions: { live: true },
      resolve: async (row, _, context) => {
        const figures = await figuresOf(row, context)
        return figures && new Date(figures.measuredAt)
      },
    }),
    playerStats: t.field({
      type: 'JSON',
      extensions: { live: true },
      description: 'What its player told with its last heartbeat that told anything.',
      resolve: async (row, _, { loaders }) =>
        row.state === 'CLOSED' ? row.playerStats : (await loaders.heartbeats.load(row.id))?.stats,
    }),
    tracks: t.field({
      type: [ConsumerTrack],
      extensions: { live: true },
      nullable: { list: true, items: false },
      description: 'What it receives by WebRTC. Null where its node does not tell.',
      resolve: async (row, _, context) => {
        if (row.state === 'CLOSED' || row.protocol === 'HLS') return []
        return (await figuresOf(row, context))?.tracks
      },
    }),
  }),
})

export const ConsumerConnection = builder.connectionObject(
  {
    type: Consumer,
    name: 'ConsumerConnection',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many match, on all pages.',
        resolve: (page) => (page as unknown as { countAll: () => Promise<number> }).countAll(),
      }),
    }),
  },
  { name: 'ConsumerEdge' },
)

export const ConsumerFilter = builder.inputType('ConsumerFilter', {
  description: 'Everything that is given has to match.',
  fields: (t) => ({
    streamId: t.id(),
    clientId: t.string(),
    source: t.string(),
    states: t.field({ type: [ConsumerState] }),
  }),
})
type ConsumerFilterInput = typeof ConsumerFilter.$inferInput
type ConsumerArgs = PageArgs & { filter?: ConsumerFilterInput | null }

/** Newest first: ids grow with the time of opening. */
export const consumerOrder = orderBy<{ id: string }>('consumers', 'desc', ['id'])

/** Throws BAD_USER_INPUT. */
function consumerFilter(filter: ConsumerFilterInput | null | undefined): (table: Columns) => SQL | undefined {
  const { clientId, source, states } = filter ?? {}
  const streamId = filter?.streamId == null ? null : requireId(filter.streamId, 'Stream', 'filter.streamId')
  for (const [name, text] of Object.entries({ clientId, source }))
    if (text?.includes('\0')) throw badInput(`filter.${name}`, 'no such text')
  requireShortList(states, 'filter.states')
  return (table) =>
    and(
      streamId === null ? undefined : eq(table.streamId!, streamId),
      clientId == null ? undefined : eq(table.clientId!, clientId),
      source == null ? undefined : eq(table.source!, source),
      states ? inArray(table.state!, states) : undefined,
      // Beside the list, in the words of the partial indexes.
      states && !states.includes('CLOSED') ? sql`${table.state!} <> 'CLOSED'` : undefined,
    )
}

builder.queryFields((t) => ({
  consumer: t.field({
    type: Consumer,
    description:
      'A session by its id, closed ones too; null where there is none. A session may read itself by its token.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { loaders }) => loaders.nodes.load(requireId(id, 'Consumer', 'id')) as Promise<never>,
  }),
  consumers: t.connection(
    {
      type: Consumer,
      description: 'Sessions, newest first, closed ones with them.',
      args: { filter: t.arg({ type: ConsumerFilter }) },
      resolve: async (_, args, context, info) => {
        const page = readPage(args, consumerOrder)
        const matches = consumerFilter(args.filter)
        const own = (table: Columns) => and(eq(table.projectId!, context.caller.projectId!), matches(table))
        const rows = await context.db.query.consumers.findMany(
          queryFromInfo(context, info, pageQuery(page, consumerOrder, own)),
        )
        const countAll = () => context.db.$count(consumers, own(consumers as unknown as Columns))
        return { ...toConnection(rows, page, consumerOrder), countAll }
      },
    },
    ConsumerConnection,
  ),
}))

builder.drizzleObjectField(Stream, 'consumers', (t) =>
  t.connection(
    {
      type: Consumer,
      description: 'Its sessions, newest first, closed ones with them.',
      args: { filter: t.arg({ type: ConsumerFilter }) },
      extensions: relatedPage<ConsumerArgs, { id: string }>(
        'consumers',
        'Consumer',
        () => consumerOrder,
        (args) => consumerFilter(args.filter),
      ),
      resolve: (stream, args, { db }) => {
        const page = readPage(args, consumerOrder)
        const matches = consumerFilter(args.filter)
        const table = consumers as unknown as Columns
        const countAll = () => db.$count(consumers, and(eq(consumers.streamId, stream.id), matches(table)))
        return { ...toConnection(joined<ConsumerRow>(stream, 'consumers'), page, consumerOrder), countAll }
      },
    },
    ConsumerConnection,
  ),
)
