import type { HealthView } from '../src/health/model.ts'
import { meanValue } from '../src/samples/figures.ts'
import type { StreamSample } from '../src/samples/model.ts'
import { pastInstant, timelineRange } from '../src/samples/range.ts'
import type { Past, Timeline } from '../src/samples/reader.ts'
import type { StreamRollup } from '../src/samples/stream-samples.ts'
import { builder } from './builder.ts'
import { HealthIssueType, HealthStatus } from './enums.ts'
import { rounded } from './process.ts'
import { Stream } from './stream.ts'
import { StreamHealth } from './stream-health.ts'

const StreamHealthPoint = builder.objectRef<Timeline<StreamRollup>['buckets'][number]>('StreamHealthPoint').implement({
  description:
    'What is known of a stretch of time, from those of its seconds that were measured. Null is not measured.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', nullable: false, resolve: ({ from }) => new Date(from) }),
    to: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Of the newest point this may lie ahead: it goes on.',
      resolve: ({ to }) => new Date(to),
    }),
    status: t.field({
      type: HealthStatus,
      nullable: false,
      description: 'The worst; UNKNOWN where nothing was known.',
      resolve: ({ rollup }) => rollup.status,
    }),
    livePercent: t.float({
      description: 'Of the measured seconds those in which it was LIVE.',
      resolve: ({ rollup }) => (100 * rollup.live) / rollup.samples,
    }),
    fps: t.float({ description: 'The mean.', resolve: ({ rollup }) => meanValue(rollup.fps) }),
    bitrateBps: t.field({
      type: 'BigInt',
      description: 'The mean.',
      resolve: ({ rollup }) => rounded(meanValue(rollup.bitrateBps)),
    }),
    cpuPercent: t.float({
      description: 'The mean; 100 is one core.',
      resolve: ({ rollup }) => meanValue(rollup.cpuPercent),
    }),
    memoryBytes: t.field({ type: 'BigInt', description: 'The most.', resolve: ({ rollup }) => rollup.memoryBytes }),
    consumers: t.int({ description: 'The most at a time.', resolve: ({ rollup }) => rollup.consumers }),
    restarts: t.int({ nullable: false, description: 'Of its FFmpeg.', resolve: ({ rollup }) => rollup.restarts }),
    issues: t.field({
      type: [HealthIssueType],
      nullable: { list: false, items: false },
      resolve: ({ rollup }) => [...new Set(rollup.issues.map(({ type }) => type))],
    }),
  }),
})

const StreamHealthTimeline = builder.objectRef<Timeline<StreamRollup>>('StreamHealthTimeline').implement({
  description: "A stream's health over a stretch of time.",
  fields: (t) => ({
    bucketSeconds: t.int({ nullable: false, resolve: ({ bucketMs }) => bucketMs / 1000 }),
    points: t.expose('buckets', {
      type: [StreamHealthPoint],
      nullable: { list: false, items: false },
      description: 'The oldest first. A bucket without samples is no point: what was then is not known.',
    }),
  }),
})

builder.drizzleObjectField(Stream, 'healthTimeline', (t) =>
  t.field({
    type: StreamHealthTimeline,
    description:
      'Kept by the second for 3 hours, by the minute for 15 days, by 5 minutes for 63 days and by the hour for 455 days; `to` null is now.',
    args: {
      from: t.arg({ type: 'DateTime', required: true }),
      to: t.arg({ type: 'DateTime' }),
      maxPoints: t.arg.int({ required: true, defaultValue: 300, description: '2 to 2000.' }),
    },
    resolve: ({ id }, args, { loaders, now }) => {
      timelineRange(args, now())
      const { from, to, maxPoints } = args
      return loaders.streamTimelines.load({ id, from, to: to ?? null, maxPoints })
    },
  }),
)

builder.drizzleObjectField(Stream, 'healthAt', (t) =>
  t.field({
    type: StreamHealth,
    description: 'As it was then; null where no samples are left of that moment.',
    args: { time: t.arg({ type: 'DateTime', required: true }) },
    resolve: async (stream, { time }, { loaders, now }) => {
      pastInstant(time, now())
      const past = await loaders.streamsAt.load({ id: stream.id, time })
      return past && { stream, figures: null, at: past.at, past: viewOf(past) }
    },
  }),
)

/** Of a bucket the evidence is gone. */
function viewOf({ sample, rollup }: Past<StreamSample, StreamRollup>): HealthView & { viewers: number } {
  const issues = sample?.issues ?? rollup.issues.map((issue) => ({ ...issue, evidence: {} }))
  return { status: rollup.status, issues, viewers: rollup.consumers }
}
