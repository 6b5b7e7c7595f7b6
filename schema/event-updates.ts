import type { EventFilter as LogFilter } from '../src/events/model.ts'
import { type Checkpoint, type Gap, type LogMessage, startCursor, subscribeToLog } from '../src/events/subscribe.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { Event, EventFilter, logFilter } from './event.ts'
import { readmit, readmitMs, renewLoaders } from './stream-watch.ts'
import { abortable } from './wakeups.ts'

export const CheckpointMessage = builder.objectRef<Checkpoint>('Checkpoint').implement({
  description:
    'Everything up to this cursor that passes the filter has been given. Comes first, when all there was has been given, and every 15 s: keep its cursor, so that it does not age out of the log while nothing passes.',
  fields: (t) => ({
    cursor: t.string({ nullable: false, resolve: ({ cursor }) => String(cursor) }),
    at: t.expose('at', { type: 'DateTime', nullable: false }),
    caughtUp: t.exposeBoolean('caughtUp', { nullable: false, description: 'There is no more as yet.' }),
  }),
})

export const GapMessage = builder.objectRef<Gap>('Gap').implement({
  description: 'The log no longer reaches back to the cursor given: what was there is gone; the rest follows.',
  fields: (t) => ({
    missed: t.field({
      type: 'BigInt',
      description: 'How many events are gone, of whatever kind and project; null where that is not known.',
      resolve: ({ missed }) => missed,
    }),
    cursor: t.string({ nullable: false, resolve: ({ cursor }) => String(cursor) }),
  }),
})

export const EventMessage = builder.unionType('EventMessage', {
  types: [Event, CheckpointMessage, GapMessage],
  resolveType: (message) => logMessageType(message as LogMessage),
})

/** The name of a message's type; events are rows as they are. */
export function logMessageType(message: LogMessage): 'Event' | 'Checkpoint' | 'Gap' {
  if (!('kind' in message)) return 'Event'
  return message.kind === 'GAP' ? 'Gap' : 'Checkpoint'
}

/** The log for a subscriber of this context: its key is looked at again while it goes on. Throws BAD_USER_INPUT. */
export async function watchLog(context: GraphqlContext, filter: LogFilter, after: string | null | undefined) {
  const start = await startCursor(context.eventHub, after)
  return (signal: AbortSignal) =>
    subscribeToLog({
      hub: context.eventHub,
      filter,
      after: start,
      signal,
      now: context.now,
      pulse: { everyMs: readmitMs, check: () => readmit(context) },
      ...(context.logLimits ? { limits: context.logLimits } : {}),
    })
}

builder.subscriptionField('events', (t) =>
  t.field({
    type: EventMessage,
    nullable: false,
    description:
      'The log as it grows: every event once, in order. After a break subscribe again after the last cursor seen: nothing is lost and nothing comes twice.',
    args: {
      filter: t.arg({ type: EventFilter }),
      after: t.arg.string({ description: 'A cursor of an event, Checkpoint or Gap. Null: from now on.' }),
    },
    subscribe: async (_, { filter, after }, context) => {
      const asked = { ...logFilter(filter, context.caller), projectId: context.caller.projectId! }
      return abortable(await watchLog(context, asked, after))
    },
    resolve: (message, _, context) => {
      renewLoaders(context)
      return message as never
    },
  }),
)
