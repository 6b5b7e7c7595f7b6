import { and, eq, gte, inArray, isNotNull, lt, notInArray, type SQL } from 'drizzle-orm'
import type { Caller } from '../src/caller.ts'
import { badInput } from '../src/errors.ts'
import { adminEventTypes, isEventType, type EventFilter as LogFilter } from '../src/events/model.ts'
import { kindOfId } from '../src/ids.ts'
import { hasScope } from '../src/projects/scopes.ts'
import { requireAccess } from './access.ts'
import { Actor } from './actor.ts'
import { builder } from './builder.ts'
import { SortDirection } from './enums.ts'
import { Node } from './node.ts'
import { type Columns, type Order, pageQuery, readPage, requireShortList, toConnection } from './page.ts'
import { queryFromInfo } from './query.ts'

export const Event = builder.drizzleObject('events', {
  name: 'Event',
  description: 'Something that happened, as the log keeps it.',
  interfaces: [Node],
  fields: (t) => ({
    // Not `expose`: for a row that no query of this operation has read, as in a subscription, that would read it again.
    id: t.id({ nullable: false, resolve: ({ id }) => id }),
    cursor: t.string({
      nullable: false,
      description: 'Its place in the log, one and the same in every list.',
      resolve: (event) => String(event.cursor),
    }),
    type: t.string({ nullable: false, resolve: ({ type }) => type }),
    at: t.field({ type: 'DateTime', nullable: false, resolve: ({ at }) => at }),
    subjectId: t.id({ description: 'The id of what it happened to.', resolve: ({ subjectId }) => subjectId }),
    subject: t.field({
      type: Node,
      description: 'What it happened to; null once that is gone.',
      resolve: ({ subjectId }, _, { loaders }) =>
        subjectId ? (loaders.nodes.load(subjectId) as Promise<never>) : null,
    }),
    actor: t.field({ type: Actor, resolve: ({ actor }) => actor }),
    data: t.field({ type: 'JSON', nullable: false, resolve: ({ data }) => data }),
  }),
})

export const EventConnection = builder.connectionObject({ type: Event, name: 'EventConnection' }, { name: 'EventEdge' })

export const EventFilter = builder.inputType('EventFilter', {
  fields: (t) => ({
    types: t.stringList({ description: 'At most 100.' }),
    subjectId: t.id(),
    from: t.field({ type: 'DateTime', description: 'Inclusive.' }),
    to: t.field({ type: 'DateTime', description: 'Exclusive.' }),
  }),
})
export type EventFilterInput = typeof EventFilter.$inferInput

/** Events by their place in the log, which is their cursor. */
export function eventOrder(direction: 'ASC' | 'DESC'): Order<{ cursor: number | null }> {
  return {
    direction: direction === 'ASC' ? 'asc' : 'desc',
    keys: ['cursor'],
    encode: ({ cursor }) => String(cursor),
    decode: (cursor) => (/^\d{1,15}$/.test(cursor) ? [Number(cursor)] : null),
  }
}

/**
 * What is asked for, looked at. What only ADMIN may read is left out for others; who names it is told so. Throws BAD_USER_INPUT and FORBIDDEN.
 */
export function logFilter(filter: EventFilterInput | null | undefined, caller: Caller): LogFilter {
  requireShortList(filter?.types, 'filter.types')
  if (filter?.subjectId != null && !kindOfId(filter.subjectId)) throw badInput('filter.subjectId', 'not an id')
  const types = filter?.types?.map((type, index) => {
    if (!isEventType(type)) throw badInput(`filter.types.${index}`, 'no such event')
    return type
  })
  if (types?.some((type) => adminEventTypes.includes(type)))
    requireAccess(caller, 'ADMIN', `To read ${adminEventTypes.join(', ')}`)
  return {
    types,
    except: hasScope(caller, 'ADMIN') ? undefined : adminEventTypes,
    subjectId: filter?.subjectId ?? undefined,
    from: filter?.from ?? undefined,
    to: filter?.to ?? undefined,
  }
}

/** Events that have been numbered, match and may be read. Throws BAD_USER_INPUT and FORBIDDEN. */
export function eventFilter(
  filter: EventFilterInput | null | undefined,
  caller: Caller,
): (events: Columns) => SQL | undefined {
  const { types, except, subjectId, from, to } = logFilter(filter, caller)
  return (events) =>
    and(
      isNotNull(events.cursor!),
      types ? inArray(events.type!, [...types]) : undefined,
      except ? notInArray(events.type!, [...except]) : undefined,
      subjectId ? eq(events.subjectId!, subjectId) : undefined,
      from ? gte(events.at!, from) : undefined,
      to ? lt(events.at!, to) : undefined,
    )
}

builder.queryField('events', (t) =>
  t.connection(
    {
      type: Event,
      description: "The project's log.",
      args: {
        filter: t.arg({ type: EventFilter }),
        direction: t.arg({ type: SortDirection, required: true, defaultValue: 'DESC' }),
      },
      resolve: async (_, args, context, info) => {
        const order = eventOrder(args.direction)
        const page = readPage(args, order)
        const matches = eventFilter(args.filter, context.caller)
        const rows = await context.db.query.events.findMany(
          queryFromInfo(
            context,
            info,
            pageQuery(page, order, (table) => and(eq(table.projectId!, context.caller.projectId!), matches(table))),
          ),
        )
        return toConnection(rows, page, order)
      },
    },
    EventConnection,
  ),
)
