import { requireId } from '../src/ids.ts'
import type { MadeKey } from '../src/projects/api-keys.ts'
import { ApiKey } from './api-key.ts'
import { builder } from './builder.ts'
import { Scope } from './enums.ts'

const ApiKeySecret = builder.objectRef<MadeKey>('ApiKeySecret').implement({
  description: 'The key is shown this once; only its hash is kept.',
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, nullable: false, resolve: ({ row }) => row as never }),
    key: t.exposeString('key', { nullable: false }),
  }),
})

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  fields: (t) => ({
    projectId: t.id({ description: "The caller's own where none is given; the operator may name any." }),
    name: t.string({ required: true, description: '1 to 200 characters.' }),
    scopes: t.field({
      type: [Scope],
      required: true,
      description: 'One at least, and none that the maker has not; ADMIN has all.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'In the future. Null: good until it is revoked.' }),
  }),
})

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: ApiKeySecret,
    description:
      'Makes a key and shows it, this once. With an idempotencyKey nothing is made twice: the second call is CONFLICT and says which key the first one made, since the key itself is not kept. At most 1,000 that are not revoked in a project.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true }), idempotencyKey: t.arg.string() },
    resolve: (_, { input, idempotencyKey }, { services, caller }) =>
      services.projects.createKey(
        caller,
        { ...input, projectId: input.projectId ?? null, expiresAt: input.expiresAt ?? null },
        idempotencyKey ?? null,
      ),
  }),
  revokeApiKey: t.field({
    type: ApiKey,
    description:
      'Within 5 s it opens nothing any more: operations that run end with UNAUTHENTICATED, WebSockets are closed (4403), and the sessions that it opened are closed (KEY_REVOKED). One that is revoked already stays as it is. The last ADMIN key of the first project is INVALID_STATE: make another first.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, { services, caller }) => services.projects.revokeKey(caller, requireId(id, 'ApiKey', 'id')),
  }),
}))
