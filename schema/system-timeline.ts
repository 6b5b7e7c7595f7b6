import { requireId } from '../src/ids.ts'
import { pastInstant, timelineRange } from '../src/samples/range.ts'
import { pastSystemHealth, type SystemPoint, systemPoints } from '../src/samples/system-view.ts'
import { streamStates } from '../src/streams/model.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { HealthStatus } from './enums.ts'
import { rounded } from './process.ts'
import { StreamStateCount } from './stream-counts.ts'
import { Component, SystemHealth } from './system-health.ts'

interface Points {
  bucketMs: number
  points: SystemPoint[]
}

const SystemMetricsPoint = builder.objectRef<SystemPoint>('SystemMetricsPoint').implement({
  description: 'What the nodes measured of themselves in one bucket. Null is not measured.',
  fields: (t) => ({
    at: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Where the bucket begins.',
      resolve: ({ from }) => new Date(from),
    }),
    cpuPercent: t.exposeFloat('cpuPercent', { description: 'The mean, of all cores of each node.' }),
    memoryPercent: t.exposeFloat('memoryPercent', { description: 'The mean.' }),
    diskPercent: t.exposeFloat('diskPercent', { description: 'The mean, of the fullest.' }),
    activeStreams: t.exposeInt('activeStreams', { description: 'The most, all nodes together.' }),
    activeConsumers: t.exposeInt('activeConsumers', { description: 'The most, all nodes together.' }),
    temporaryFolderBytes: t.field({
      type: 'BigInt',
      description: 'The most, all nodes together.',
      resolve: ({ temporaryFolderBytes }) => rounded(temporaryFolderBytes),
    }),
    eventLoopLagMs: t.exposeFloat('eventLoopLagMs', { description: 'The longest.' }),
  }),
})

const bucketSeconds = ({ bucketMs }: Points) => bucketMs / 1000
const pointsDescription = 'The oldest first. A bucket without samples is no point: what was then is not known.'

const SystemMetrics = builder.objectRef<Points>('SystemMetrics').implement({
  description: 'What nodes measured of themselves over a stretch of time.',
  fields: (t) => ({
    bucketSeconds: t.int({ nullable: false, resolve: bucketSeconds }),
    points: t.expose('points', {
      type: [SystemMetricsPoint],
      nullable: { list: false, items: false },
      description: pointsDescription,
    }),
  }),
})

const SystemHealthPoint = builder.objectRef<SystemPoint>('SystemHealthPoint').implement({
  description: 'What is known of the nodes in one bucket.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', nullable: false, resolve: ({ from }) => new Date(from) }),
    to: t.field({ type: 'DateTime', nullable: false, resolve: ({ to }) => new Date(to) }),
    status: t.expose('status', { type: HealthStatus, nullable: false, description: 'The worst of any component.' }),
    unhealthyComponents: t.expose('unhealthyComponents', {
      type: [Component],
      nullable: { list: false, items: false },
      description: 'Those that were not HEALTHY at some time.',
    }),
    streamsByState: t.field({
      type: [StreamStateCount],
      nullable: { list: true, items: false },
      description: 'Of the streams that the nodes ran, at the end of the bucket.',
      resolve: ({ streamsByState }) => streamStates.map((state) => ({ state, count: streamsByState[state] })),
    }),
  }),
})

const SystemHealthTimeline = builder.objectRef<Points>('SystemHealthTimeline').implement({
  description: 'The health of all nodes over a stretch of time.',
  fields: (t) => ({
    bucketSeconds: t.int({ nullable: false, resolve: bucketSeconds }),
    points: t.expose('points', {
      type: [SystemHealthPoint],
      nullable: { list: false, items: false },
      description: pointsDescription,
    }),
  }),
})

/** As many as the list of nodes shows. */
const maxNodes = 100

/** The nodes that lived at some time since, those seen last first. */
async function nodesSince({ db }: GraphqlContext, since: number): Promise<string[]> {
  const rows = await db.query.mediaNodes.findMany({
    columns: { id: true },
    where: { lastSeenAt: { gte: new Date(since - presenceMs) } },
    orderBy: { lastSeenAt: 'desc', id: 'asc' },
    limit: maxNodes,
  })
  return rows.map(({ id }) => id)
}

/** A node says that it lives less often than it takes samples. */
const presenceMs = 60_000

async function readPoints(
  context: GraphqlContext,
  args: { from: Date; to?: Date | null | undefined; maxPoints: number },
  mediaNodeId: string | null,
): Promise<Points> {
  const range = timelineRange(args, context.now())
  const nodeIds = mediaNodeId === null ? await nodesSince(context, range.from) : [mediaNodeId]
  const { bucketMs, timelines } = await context.samples.system.timelines(nodeIds, range)
  return { bucketMs, points: systemPoints([...timelines.values()]) }
}

builder.queryFields((t) => {
  const rangeArgs = {
    from: t.arg({ type: 'DateTime', required: true }),
    to: t.arg({ type: 'DateTime' }),
    maxPoints: t.arg.int({ required: true, defaultValue: 300, description: '2 to 2000.' }),
  }
  return {
    systemMetrics: t.field({
      type: SystemMetrics,
      description: 'Of one node, or of all together; `to` null is now.',
      args: { mediaNodeId: t.arg.id(), ...rangeArgs },
      resolve: (_, { mediaNodeId, ...args }, context) =>
        readPoints(context, args, mediaNodeId ? requireId(mediaNodeId, 'MediaNode', 'mediaNodeId') : null),
    }),
    systemHealthTimeline: t.field({
      type: SystemHealthTimeline,
      description: 'Of all nodes; `to` null is now.',
      args: rangeArgs,
      resolve: (_, args, context) => readPoints(context, args, null),
    }),
    systemHealthAt: t.field({
      type: SystemHealth,
      description: 'As it was then; null where no samples are left of that moment.',
      args: { time: t.arg({ type: 'DateTime', required: true }) },
      resolve: async (_, { time }, context) => {
        const at = pastInstant(time, context.now())
        return pastSystemHealth(await context.samples.system.at(await nodesSince(context, at), at))
      },
    }),
  }
})
