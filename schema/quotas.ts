import type { Quotas as ProjectQuotas } from '../src/reservations/model.ts'
import { builder } from './builder.ts'
import { Project } from './project.ts'

const Quotas = builder.objectRef<ProjectQuotas>('Quotas').implement({
  description: 'What a project may have at a time; null is no limit.',
  fields: (t) => ({
    maxConsumers: t.int({
      description: 'Places of viewers: open sessions, and reservations.',
      resolve: ({ maxConsumers }) => maxConsumers,
    }),
    maxReservations: t.int({
      description: 'Reservations that are held or in use.',
      resolve: ({ maxReservations }) => maxReservations,
    }),
    requestsPerMinute: t.int({
      description: 'Requests a minute of all its keys together; null is what the server has (RATE_LIMIT_PROJECT).',
      resolve: ({ requestsPerMinute }) => requestsPerMinute,
    }),
    perSource: t.field({
      type: 'JSON',
      nullable: false,
      description: 'Places by the name of a source; "*" is for each of the others.',
      resolve: ({ perSource }) => perSource ?? {},
    }),
  }),
})

builder.drizzleObjectField(Project, 'quotas', (t) =>
  t.field({ type: Quotas, nullable: false, resolve: ({ quotas }) => quotas }),
)

export const QuotasInput = builder.inputType('QuotasInput', {
  description: 'Absent keeps, null takes the limit away.',
  fields: (t) => ({
    maxConsumers: t.int(),
    maxReservations: t.int(),
    requestsPerMinute: t.int({ description: '1 to 10,000,000.' }),
    perSource: t.field({
      type: 'JSON',
      description:
        'At most 100 names with their whole numbers, in place of those there were; "*" is for each of the others.',
    }),
  }),
})
