import { requireId } from '../src/ids.ts'
import type { UpdateProjectInput as Update } from '../src/projects/types.ts'
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

const QuotasInput = builder.inputType('QuotasInput', {
  description: 'Absent keeps, null takes the limit away.',
  fields: (t) => ({
    maxConsumers: t.int(),
    maxReservations: t.int(),
    perSource: t.field({
      type: 'JSON',
      description:
        'At most 100 names with their whole numbers, in place of those there were; "*" is for each of the others.',
    }),
  }),
})

const UpdateProjectInput = builder.inputType('UpdateProjectInput', {
  description: 'Absent keeps, null resets.',
  fields: (t) => ({ name: t.string(), quotas: t.field({ type: QuotasInput }) }),
})

builder.mutationField('updateProject', (t) =>
  t.field({
    type: Project,
    description: 'A limit that is lowered below what there is takes nothing away: it refuses what is new.',
    args: { id: t.arg.id({ required: true }), input: t.arg({ type: UpdateProjectInput, required: true }) },
    resolve: (_, { id, input }, { services, caller }) =>
      services.projects.update(caller, requireId(id, 'Project', 'id'), input as Update),
  }),
)
