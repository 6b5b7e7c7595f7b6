import { and, eq, inArray, type SQL } from 'drizzle-orm'
import { requireId } from '../src/ids.ts'
import type { ProducerFigures } from '../src/media/mediasoup/types.ts'
import type { ProducerRow } from '../src/producers/types.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { MediaKind, ProducerState } from './enums.ts'
import { Node } from './node.ts'
import { type Columns, orderBy, pageQuery, readPage, toConnection } from './page.ts'
import { rounded } from './process.ts'
import { queryFromInfo } from './query.ts'

/** What its node measures of a producer; null where no node runs it. */
async function figuresOf(producer: ProducerRow, { loaders }: GraphqlContext): Promise<ProducerFigures | null> {
  if (producer.state === 'CLOSED') return null
  const figures = await loaders.figures.load(producer.streamId)
  return figures?.producers.find(({ producerId }) => producerId === producer.id) ?? null
}

export const Producer = builder.drizzleObject('producers', {
  name: 'Producer',
  description: "A mediasoup producer: one track of a stream. It outlives FFmpeg's restarts.",
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false, description: "mediasoup's producer has the same id." }),
    kind: t.expose('kind', { type: MediaKind, nullable: false }),
    codec: t.exposeString('codec', { nullable: false }),
    state: t.expose('state', { type: ProducerState, nullable: false }),
    ssrcs: t.expose('ssrcs', { type: ['BigInt'], nullable: false }),
    uptimeSeconds: t.float({
      description: 'Since it was made, while packets are expected of it.',
      resolve: ({ state, createdAt }, _, { now }) =>
        state === 'ACTIVE' || state === 'PAUSED' ? Math.max(0, (now() - createdAt.getTime()) / 1000) : null,
    }),
    bitrateBps: t.field({
      type: 'BigInt',
      extensions: { live: true },
      resolve: async (producer, _, context) => rounded((await figuresOf(producer, context))?.bitrateBps),
    }),
    packets: t.field({
      type: 'BigInt',
      extensions: { live: true },
      resolve: async (producer, _, context) => (await figuresOf(producer, context))?.packets,
    }),
    packetsLost: t.field({
      type: 'BigInt',
      extensions: { live: true },
      resolve: async (producer, _, context) => (await figuresOf(producer, context))?.packetsLost,
    }),
    jitterMs: t.float({
      extensions: { live: true },
      resolve: async (producer, _, context) => (await figuresOf(producer, context))?.jitterMs,
    }),
    score: t.int({
      description: "mediasoup's, 0 to 10. It does not fall when packets stop: watch packets.",
      extensions: { live: true },
      resolve: async (producer, _, context) => (await figuresOf(producer, context))?.score,
    }),
    measuredAt: t.field({
      type: 'DateTime',
      extensions: { live: true },
      resolve: async (producer, _, context) => {
        const figures = await figuresOf(producer, context)
        return figures && new Date(figures.measuredAt)
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    closedAt: t.expose('closedAt', { type: 'DateTime' }),
    closeReason: t.exposeString('closeReason', {
      description: 'ORDERED, STREAM_STOPPED, STREAM_DELETED, TRACK_GONE or REPLACED.',
    }),
  }),
})

export const ProducerConnection = builder.connectionObject(
  { type: Producer, name: 'ProducerConnection' },
  { name: 'ProducerEdge' },
)

export const ProducerFilter = builder.inputType('ProducerFilter', {
  fields: (t) => ({ streamId: t.id(), states: t.field({ type: [ProducerState] }) }),
})

/** Newest first. */
export const producerOrder = orderBy<{ id: string }>('producers', 'desc', ['id'])

function producerFilter(filter: typeof ProducerFilter.$inferInput | null | undefined) {
  const streamId = filter?.streamId == null ? null : requireId(filter.streamId, 'Stream', 'filter.streamId')
  return (producers: Columns): SQL | undefined =>
    and(
      streamId === null ? undefined : eq(producers.streamId!, streamId),
      filter?.states ? inArray(producers.state!, filter.states) : undefined,
    )
}

builder.queryFields((t) => ({
  producer: t.field({
    type: Producer,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { loaders }) => loaders.nodes.load(requireId(id, 'Producer', 'id')) as Promise<never>,
  }),
  producers: t.connection(
    {
      type: Producer,
      description: 'Newest first, closed ones with them.',
      args: { filter: t.arg({ type: ProducerFilter }) },
      resolve: async (_, args, context, info) => {
        const page = readPage(args, producerOrder)
        const matches = producerFilter(args.filter)
        const rows = await context.db.query.producers.findMany(
          queryFromInfo(
            context,
            info,
            pageQuery(page, producerOrder, (table) =>
              and(eq(table.projectId!, context.caller.projectId!), matches(table)),
            ),
          ),
        )
        return toConnection(rows, page, producerOrder)
      },
    },
    ProducerConnection,
  ),
}))

export const CreateProducerInput = builder.inputType('CreateProducerInput', {
  fields: (t) => ({ streamId: t.id({ required: true }), kind: t.field({ type: MediaKind, required: true }) }),
})

builder.mutationFields((t) => ({
  createProducer: t.field({
    type: Producer,
    description: 'Makes a producer of a kind whose last one was closed.',
    args: { input: t.arg({ type: CreateProducerInput, required: true }), idempotencyKey: t.arg.string() },
    resolve: (_, { input, idempotencyKey }, { services, caller }) => {
      requireId(input.streamId, 'Stream', 'input.streamId')
      return services.producers.create(caller, input, idempotencyKey ?? null)
    },
  }),
  closeProducer: t.field({
    type: Producer,
    description: 'Closed by order: it stays closed until its stream is restarted by order, or createProducer.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { services, caller }) => services.producers.close(caller, requireId(id, 'Producer', 'id')),
  }),
}))
