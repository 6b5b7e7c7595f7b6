import { and, inArray } from 'drizzle-orm'
import { streams } from '../src/platform/database/tables.ts'
import type { StreamRow } from '../src/streams/types.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { asksForFigures } from './live-selection.ts'
import type { Columns } from './page.ts'
import { Stream } from './stream.ts'
import { StreamFilter, streamFilter } from './stream-list.ts'
import { readMarkedStreams, readMeasuredAt, readmitMs, renewLoaders, requireInterval } from './stream-watch.ts'
import { abortable, Wakeups } from './wakeups.ts'
import { WatchedStreams } from './watched-streams.ts'

/** The most streams that one subscription watches; `complete` tells when there are more. */
const maxWatchedStreams = 1000
/** Messages of the bus may be lost: at least this often all is looked at. */
const pollMs = 5000

interface Update {
  reset: boolean
  complete: boolean
  changed: StreamRow[]
  removedIds: string[]
  at: Date
}

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
      description: `False while more than ${maxWatchedStreams} match: the rest is not watched.`,
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
  }),
})

interface Watch {
  context: GraphqlContext
  matches: ReturnType<typeof streamFilter>
  intervalMs: number
  figures: boolean
}

async function* watchStreams(
  { context, matches, intervalMs, figures }: Watch,
  signal: AbortSignal,
): AsyncGenerator<Update> {
  const wakeups = new Wakeups(maxWatchedStreams, signal)
  const stop = context.bus.subscribe('streams', (id) => wakeups.add(id))
  const watched = new WatchedStreams(maxWatchedStreams)
  const where = matches(streams as unknown as Columns)
  let reset = true
  let lookedAt = 0
  let measuredAt = 0
  let admittedAt = context.now()
  try {
    while (!signal.aborted) {
      const now = context.now()
      if (now - admittedAt >= readmitMs) {
        context.caller = await context.readmit()
        admittedAt = now
      }
      const told = wakeups.take()
      const scope = told === null || now - lookedAt >= pollMs ? null : told
      if (scope === null || scope.size > 0) {
        if (scope === null) lookedAt = now
        const within = scope === null ? where : and(where, inArray(streams.id, [...scope]))
        watched.see(await readMarkedStreams(context.db, within, maxWatchedStreams + 1), scope)
      }
      if (figures && now - measuredAt >= intervalMs) {
        measuredAt = now
        watched.measure(await readMeasuredAt(context, watched.ids()))
      }
      const difference = watched.take()
      if (reset || difference) {
        renewLoaders(context)
        const { changed, removedIds } = difference ?? { changed: [], removedIds: [] }
        yield { reset, complete: watched.complete, changed, removedIds, at: new Date(context.now()) }
        reset = false
      }
      const due = Math.min(lookedAt + pollMs, figures ? measuredAt + intervalMs : Number.POSITIVE_INFINITY)
      await wakeups.wait(due - context.now())
    }
  } finally {
    stop()
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
    },
    subscribe: (_, { filter, intervalSeconds }, context, info) => {
      const watch = {
        context,
        matches: streamFilter(context, filter),
        intervalMs: requireInterval(intervalSeconds),
        figures: asksForFigures(info),
      }
      return abortable((signal) => watchStreams(watch, signal))
    },
    resolve: (update) => update,
  }),
)
