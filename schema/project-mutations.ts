import { requireId } from '../src/ids.ts'
import type { UpdateProjectInput as Update } from '../src/projects/types.ts'
import { builder } from './builder.ts'
import { Project } from './project.ts'
import { QuotasInput } from './quotas.ts'
import { SourcePolicyInput } from './source-policy.ts'

const CreateProjectInput = builder.inputType('CreateProjectInput', {
  fields: (t) => ({ name: t.string({ required: true, description: '1 to 200 characters.' }) }),
})

const UpdateProjectInput = builder.inputType('UpdateProjectInput', {
  description: 'Absent keeps, null resets.',
  fields: (t) => ({
    name: t.string(),
    publicHealth: t.boolean({ description: 'Null: true for the first project, false for the others.' }),
    quotas: t.field({ type: QuotasInput }),
    sourcePolicy: t.field({ type: SourcePolicyInput }),
  }),
})

builder.mutationFields((t) => ({
  createProject: t.field({
    type: Project,
    description:
      'For the operator: an ADMIN key of the first project. The new one has no keys yet (createApiKey with its id) and is not public. At most 1,000.',
    args: { input: t.arg({ type: CreateProjectInput, required: true }), idempotencyKey: t.arg.string() },
    resolve: (_, { input, idempotencyKey }, { services, caller }) =>
      services.projects.create(caller, input, idempotencyKey ?? null),
  }),
  updateProject: t.field({
    type: Project,
    description:
      "The caller's own project; any for the operator. A limit that is lowered below what there is takes nothing away: it refuses what is new.",
    args: { id: t.arg.id({ required: true }), input: t.arg({ type: UpdateProjectInput, required: true }) },
    resolve: (_, { id, input }, { services, caller }) =>
      services.projects.update(caller, requireId(id, 'Project', 'id'), input as Update),
  }),
}))
