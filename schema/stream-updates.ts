import { startCursor } from '../src/events/subscribe.ts'
import { streams } from '../src/platform/database/tables.ts'
import { builder } from './builder.ts'
import { canonical } from './canonical.ts'
import type { GraphqlContext } from './context.ts'
import { asksForFigures } from './live-selection.ts'
import type { Columns } from './page.ts'
import { maxStreamsOfWall, sharedWall, type WallUpdate as Update, type WallSpec } from './shared-wall.ts'
import { Stream } from './stream.ts'
import { StreamFilter, streamFilter } from './stream-list.ts'
import { readmit, readmitMs, renewLoaders, requireInterval } from './stream-watch.ts'
import { abortable } from './wakeups.ts'

const StreamsUpdate = builder.objectRef<Update>('StreamsUpdate').implement({
  description:
    'What is different since the message before. A slow reader gets fewer messages, each with the latest values.',
  fields: (t) => ({
    reset: t.exposeBoolean('reset', {
      nullable: false,
      description: 'This is the whole truth: forget what was before.',
    }),
    complete: t.exposeBoolean('complete', {
      nullable: false,
      description: `False while more than ${maxStreamsOfWall} match: the rest is not watched.`,
    }),
    changed: t.expose('changed', {
      type: [Stream],
      nullable: false,
      description: 'Streams that are new or different.',
    }),
    removedIds: t.exposeIDList('removedIds', {
      nullable: false,
      description: 'Streams that no longer match or are deleted.',
    }),
    at: t.expose('at', { type: 'DateTime', nullable: false }),
    cursor: t.string({
      nullable: false,
      description: 'Everything that the log tells up to this cursor is in it: go on with events after it.',
      resolve: ({ cursor }) => String(cursor),
    }),
  }),
})

async function* watchStreams(context: GraphqlContext, spec: WallSpec, signal: AbortSignal): AsyncGenerator<Update> {
  const seat = sharedWall(context, spec).join(signal)
  let version = 0
  let admittedAt = context.now()
  try {
    while (!signal.aborted) {
      if (context.now() - admittedAt >= readmitMs) {
        await readmit(context)
        admittedAt = context.now()
      }
      const update = seat.since(version)
      if (update) {
        version = seat.version()
        yield update
      } else await seat.wait(admittedAt + readmitMs - context.now())
    }
  } finally {
    seat.leave()
  }
}

builder.subscriptionField('streams', (t) =>
  t.field({
    type: StreamsUpdate,
    nullable: false,
    description:
      'Streams as they change. The first message is the whole truth, then come only differences; live figures, where they are asked for, every intervalSeconds.',
    args: {
      filter: t.arg({ type: StreamFilter }),
      intervalSeconds: t.arg.int({ required: true, defaultValue: 2, description: '1 to 60.' }),
      after: t.arg.string({
        description:
          'The cursor of what is known already: the first message is not older, and the whole truth all the same.',
      }),
    },
    subscribe: async (_, { filter, intervalSeconds, after }, context, info) => {
      const intervalMs = requireInterval(intervalSeconds)
      const matches = streamFilter(context, filter)
      if (after != null) await startCursor(context.eventHub, after)
      const spec: WallSpec = {
        key: canonical([context.caller.projectId, filter ?? {}]),
        where: matches(streams as unknown as Columns),
        figuresEveryMs: asksForFigures(info) ? intervalMs : null,
      }
      return abortable((signal) => watchStreams(context, spec, signal))
    },
    resolve: (update, _, context) => {
      renewLoaders(context)
      return update
    },
  }),
)
