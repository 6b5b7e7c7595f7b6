import { eq } from 'drizzle-orm'
import type { ConsumerRow } from '../src/consumers/types.ts'
import { WeirError } from '../src/errors.ts'
import { kindOfId } from '../src/ids.ts'
import { subscribeToId } from '../src/platform/bus/by-id.ts'
import { streams } from '../src/platform/database/tables.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { asksForFigures } from './live-selection.ts'
import { loadNode, Node } from './node.ts'
import type { NodeRow } from './node-rows.ts'
import { readMarkedStreams, readMeasuredAt, readmit, readmitMs, renewLoaders } from './stream-watch.ts'
import { abortable, Wakeups } from './wakeups.ts'

/** How often a thing is looked at without having been told of. */
const pollMs = 2000
/** A session, where no figures are asked for: as many as watch themselves, and heartbeats tell of a close too. */
const sessionPollMs = 15_000

/** The thing as it is now and what to tell a change by; null when it is gone. */
async function readMarked(context: GraphqlContext, id: string, figures: boolean) {
  renewLoaders(context)
  const row = await loadNode(context, id, 'id')
  if (!row) return null
  if (isSession(row)) return { row, mark: `${JSON.stringify(row)} ${figures ? await sessionMark(row, context) : ''}` }
  const [stream] = kindOfId(id) === 'Stream' ? await readMarkedStreams(context.db, eq(streams.id, id), 1) : []
  const watched = streamIdOf(row)
  const measuredAt = figures && watched ? (await readMeasuredAt(context, [watched])).get(watched) : undefined
  return { row, mark: `${stream?.mark ?? JSON.stringify(row)} ${measuredAt ?? ''}` }
}

function isSession(row: NodeRow): row is ConsumerRow {
  return kindOfId(row.id) === 'Consumer'
}

/** Changes with what its node measures of a session and with its player's signs of life. */
async function sessionMark(row: ConsumerRow, { loaders }: GraphqlContext): Promise<string> {
  const [figures, heartbeat] = await Promise.all([
    loaders.sessionFigures.load(row).catch(() => null),
    loaders.heartbeats.load(row.id),
  ])
  return `${figures?.measuredAt} ${heartbeat?.at?.getTime()}`
}

/** The stream whose changes touch the thing. */
function streamIdOf(row: NodeRow): string | null {
  if (kindOfId(row.id) === 'Stream') return row.id
  return 'streamId' in row && typeof row.streamId === 'string' ? row.streamId : null
}

/** Calls back when there may be something new; returns the way to stop. */
function listen({ bus }: GraphqlContext, row: NodeRow, onNews: () => void): () => void {
  if (isSession(row)) return subscribeToId(bus, 'consumers', row.id, onNews)
  const streamId = streamIdOf(row)
  return streamId === null ? () => {} : subscribeToId(bus, 'streams', streamId, onNews)
}

async function* watchNode(
  context: GraphqlContext,
  first: NodeRow,
  figures: boolean,
  signal: AbortSignal,
): AsyncGenerator<NodeRow> {
  const wakeups = new Wakeups(1, signal)
  const stop = listen(context, first, () => wakeups.add(first.id))
  const everyMs = isSession(first) && !figures ? sessionPollMs : pollMs
  let known: string | null = null
  let admittedAt = context.now()
  try {
    while (!signal.aborted) {
      if (context.now() - admittedAt >= readmitMs) {
        await readmit(context)
        admittedAt = context.now()
      }
      wakeups.take()
      const now = await readMarked(context, first.id, figures)
      if (!now) return
      if (now.mark !== known) {
        known = now.mark
        yield now.row
      }
      // A session that is closed is closed for good.
      if (isSession(now.row) && now.row.state === 'CLOSED') return
      await wakeups.wait(everyMs)
    }
  } finally {
    stop()
  }
}

builder.subscriptionField('node', (t) =>
  t.field({
    type: Node,
    nullable: false,
    description:
      'Any one thing, whole: as it is now, then at every change. Of a session its end is the last; its token is enough, and lasts here as long as the session.',
    args: { id: t.arg.id({ required: true }) },
    subscribe: async (_, { id }, context, info) => {
      const first = await loadNode(context, id, 'id')
      if (!first) throw new WeirError('NOT_FOUND', 'There is no such thing.')
      const figures = asksForFigures(info)
      return abortable((signal) => watchNode(context, first, figures, signal))
    },
    resolve: (row) => row as never,
  }),
)
