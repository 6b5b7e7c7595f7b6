import { freshHealth } from '../src/health/fresh.ts'
import { type HealthView, type HealthIssue as Issue, unknownHealth } from '../src/health/model.ts'
import { requireId } from '../src/ids.ts'
import type { ProducerFigures as Figures } from '../src/media/mediasoup/types.ts'
import type { ProducerRow } from '../src/producers/types.ts'
import type { StreamFigures, StreamRow } from '../src/streams/types.ts'
import { builder } from './builder.ts'
import { ConsumerCounts } from './consumer-counts.ts'
import type { GraphqlContext } from './context.ts'
import { HealthIssueType, HealthStatus, MediaKind, ProducerState, Severity } from './enums.ts'
import { FfmpegProcess, rounded } from './process.ts'
import { Stream } from './stream.ts'

/** A stream's health, by its row and by what its node judges; figures are null where no node runs it. */
export interface HealthSource {
  stream: StreamRow
  figures: StreamFigures | null
  /** Of what is told. */
  at: number
  /** What was, where it is asked for; else what is. */
  past?: HealthView & { viewers: number }
}

interface MeasuredProducer {
  row: ProducerRow
  figures: Figures
}

const ProducerFigures = builder.objectRef<MeasuredProducer>('ProducerFigures').implement({
  description: 'A producer and what its node measured of it last; null is not measured.',
  fields: (t) => ({
    producerId: t.id({ nullable: false, resolve: ({ row }) => row.id }),
    kind: t.field({ type: MediaKind, nullable: false, resolve: ({ row }) => row.kind }),
    state: t.field({ type: ProducerState, nullable: false, resolve: ({ row }) => row.state }),
    ssrcs: t.field({ type: ['BigInt'], nullable: false, resolve: ({ row }) => row.ssrcs }),
    uptimeSeconds: t.float({
      description: 'Since it was made.',
      resolve: ({ row }, _, { now }) => Math.max(0, (now() - row.createdAt.getTime()) / 1000),
    }),
    bitrateBps: t.field({ type: 'BigInt', resolve: ({ figures }) => rounded(figures.bitrateBps) }),
    packetsLost: t.field({ type: 'BigInt', resolve: ({ figures }) => figures.packetsLost }),
    jitterMs: t.float({ resolve: ({ figures }) => figures.jitterMs }),
    score: t.int({ resolve: ({ figures }) => figures.score }),
    measuredAt: t.field({ type: 'DateTime', resolve: ({ figures }) => new Date(figures.measuredAt) }),
  }),
})

export const HealthIssue = builder.objectRef<Issue>('HealthIssue').implement({
  description: 'One thing that is wrong: docs/health.md has what each means and what to do.',
  fields: (t) => ({
    type: t.expose('type', { type: HealthIssueType, nullable: false }),
    severity: t.expose('severity', { type: Severity, nullable: false }),
    track: t.expose('track', { type: MediaKind, nullable: true, description: 'Null: of the stream as a whole.' }),
    reason: t.exposeString('reason', { nullable: false, description: 'A sentence with the figures.' }),
    since: t.field({ type: 'DateTime', nullable: false, resolve: ({ since }) => new Date(since) }),
    evidence: t.expose('evidence', {
      type: 'JSON',
      nullable: false,
      extensions: { live: true },
      description: 'The figures that it was judged by, with units in their names.',
    }),
  }),
})

export const StreamHealth = builder.objectRef<HealthSource>('StreamHealth').implement({
  description: "A stream's health as its node judged it last. UNKNOWN where nothing is measured.",
  fields: (t) => ({
    streamId: t.id({ nullable: false, resolve: ({ stream }) => stream.id }),
    status: t.field({
      type: HealthStatus,
      nullable: false,
      resolve: (health, _, { now }) => viewOf(health, now()).status,
    }),
    issues: t.field({
      type: [HealthIssue],
      nullable: { list: false, items: false },
      resolve: (health, _, { now }) => viewOf(health, now()).issues,
    }),
    process: t.field({
      type: FfmpegProcess,
      description: 'Null in the past: healthTimeline has what is left of its figures.',
      resolve: ({ stream, figures, past }) => (past ? null : { stream, figures }),
    }),
    producers: t.field({
      type: [ProducerFigures],
      nullable: { list: false, items: false },
      description: 'Those that are open and measured.',
      resolve: ({ figures }, _, context) => measuredProducers(figures?.producers ?? [], context),
    }),
    consumers: t.field({
      type: ConsumerCounts,
      extensions: { live: true },
      description: 'Of the past those who were connected.',
      resolve: ({ stream, past }, _, { loaders }) =>
        past ? { total: null, active: past.viewers } : loaders.sessionsOfStream.load(stream.id),
    }),
    at: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was judged last; where no node runs the stream, when its health last changed.',
      resolve: ({ at }) => new Date(at),
    }),
  }),
})

function viewOf({ figures, at, past }: HealthSource, now: number) {
  if (past) return past
  return figures ? freshHealth(figures.health, at, now) : unknownHealth
}

export async function healthOf(stream: StreamRow, { loaders }: GraphqlContext): Promise<HealthSource> {
  const figures = await loaders.figures.load(stream.id)
  return { stream, figures, at: figures?.healthAt ?? stream.healthSince.getTime() }
}

async function measuredProducers(figures: Figures[], { loaders }: GraphqlContext): Promise<MeasuredProducer[]> {
  const rows = await Promise.all(figures.map(({ producerId }) => loaders.nodes.load(producerId)))
  return figures.flatMap((each, index) => {
    const row = rows[index] as ProducerRow | null | undefined
    return row && row.state !== 'CLOSED' ? [{ row, figures: each }] : []
  })
}

builder.drizzleObjectField(Stream, 'health', (t) =>
  t.field({ type: StreamHealth, resolve: (stream, _, context) => healthOf(stream, context) }),
)

builder.queryField('streamHealth', (t) =>
  t.field({
    type: StreamHealth,
    description: 'Null where there is no such stream.',
    args: { streamId: t.arg.id({ required: true }) },
    resolve: async (_, { streamId }, context) => {
      const row = await context.loaders.nodes.load(requireId(streamId, 'Stream', 'streamId'))
      return row && healthOf(row as StreamRow, context)
    },
  }),
)
