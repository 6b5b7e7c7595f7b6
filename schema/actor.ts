import type { EventActor } from '../src/platform/database/tables.ts'
import { ApiKey } from './api-key.ts'
import { builder } from './builder.ts'
import { ActorKind } from './enums.ts'

export const Actor = builder.objectRef<EventActor>('Actor').implement({
  description: 'Who did it, as far as is known.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ActorKind, nullable: false }),
    apiKey: t.field({
      type: ApiKey,
      resolve: ({ apiKeyId }, _, { loaders }) => (apiKeyId ? (loaders.nodes.load(apiKeyId) as Promise<never>) : null),
    }),
    name: t.string({ resolve: ({ name }) => name }),
    address: t.string({ resolve: ({ address }) => address }),
  }),
})
