import { WeirError } from '../src/errors.ts'
import type { EventData } from '../src/events/model.ts'
import type { EventRow } from '../src/events/store.ts'
import type { LogMessage } from '../src/events/subscribe.ts'
import { requireId } from '../src/ids.ts'
import type { StreamRow } from '../src/streams/types.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { HealthIssueType, HealthStatus } from './enums.ts'
import { CheckpointMessage, GapMessage, logMessageType, watchLog } from './event-updates.ts'
import { HealthIssue, type HealthSource, healthOf, StreamHealth } from './stream-health.ts'
import { renewLoaders, requireInterval } from './stream-watch.ts'
import { abortable } from './wakeups.ts'

const dataOf = ({ data }: EventRow) => data as unknown as EventData['stream.health_changed']

const HealthChange = builder.objectRef<EventRow>('HealthChange').implement({
  description: 'An event stream.health_changed of the log, with its place there.',
  fields: (t) => ({
    cursor: t.string({ nullable: false, resolve: ({ cursor }) => String(cursor) }),
    at: t.field({ type: 'DateTime', nullable: false, resolve: ({ at }) => at }),
    status: t.field({ type: HealthStatus, nullable: false, resolve: (change) => dataOf(change).to }),
    previous: t.field({ type: HealthStatus, nullable: false, resolve: (change) => dataOf(change).from }),
    opened: t.field({
      type: [HealthIssue],
      nullable: { list: false, items: false },
      resolve: (change) => dataOf(change).opened as never,
    }),
    closed: t.field({
      type: [HealthIssueType],
      nullable: { list: false, items: false },
      resolve: (change) => dataOf(change).closed,
    }),
  }),
})

type HealthMessage = LogMessage | HealthSource

const StreamHealthMessage = builder.unionType('StreamHealthMessage', {
  types: [StreamHealth, HealthChange, CheckpointMessage, GapMessage],
  resolveType(message) {
    if ('figures' in (message as HealthMessage)) return 'StreamHealth'
    const type = logMessageType(message as LogMessage)
    return type === 'Event' ? 'HealthChange' : type
  },
})

/**
 * What the log tells, every message once, and between that the health as it is, at every interval. A slow reader misses
 * states, never messages of the log. Ends when there is no such stream any more.
 */
async function* watchHealth(
  context: GraphqlContext,
  streamId: string,
  intervalMs: number,
  follow: (signal: AbortSignal) => AsyncGenerator<LogMessage>,
  signal: AbortSignal,
): AsyncGenerator<HealthMessage> {
  const end = new AbortController()
  const log = follow(AbortSignal.any([signal, end.signal]))
  let told = log.next()
  let dueAt = Number.NEGATIVE_INFINITY
  try {
    // The log's first: it says from where on changes are told, and the state must not be older than that.
    const first = await told
    if (first.done) return
    yield first.value
    told = log.next()
    for (;;) {
      const message = context.now() >= dueAt ? null : await firstOf(told, dueAt - context.now())
      if (message === null) {
        dueAt = context.now() + intervalMs
        renewLoaders(context)
        const row = await context.loaders.nodes.load(streamId)
        if (!row) return
        yield await healthOf(row as StreamRow, context)
      } else {
        if (message.done) return
        yield message.value
        told = log.next()
      }
    }
  } finally {
    // Who waits for the next one has nobody to tell of a failure.
    told.catch(() => {})
    // It may be waiting, and would hear of a return only afterwards.
    end.abort()
  }
}

/** What the promise brings, or null when `ms` have passed before. */
async function firstOf<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, ms))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

builder.subscriptionField('streamHealth', (t) =>
  t.field({
    type: StreamHealthMessage,
    nullable: false,
    description:
      "A stream's health. HealthChange, Checkpoint and Gap are of the log: resume after their cursor. StreamHealth is the state: first after the first Checkpoint, then every intervalSeconds.",
    args: {
      streamId: t.arg.id({ required: true }),
      intervalSeconds: t.arg.int({ required: true, defaultValue: 2, description: '1 to 60.' }),
      after: t.arg.string({ description: 'A cursor of a HealthChange, Checkpoint or Gap. Null: from now on.' }),
    },
    subscribe: async (_, { streamId, intervalSeconds, after }, context) => {
      const intervalMs = requireInterval(intervalSeconds)
      const stream = await context.loaders.nodes.load(requireId(streamId, 'Stream', 'streamId'))
      if (!stream) throw new WeirError('NOT_FOUND', 'There is no such stream.')
      const filter = {
        projectId: context.caller.projectId!,
        types: ['stream.health_changed' as const],
        subjectId: streamId,
      }
      const follow = await watchLog(context, filter, after)
      return abortable((signal) => watchHealth(context, streamId, intervalMs, follow, signal))
    },
    resolve: (message) => message as never,
  }),
)
