import { requireId } from '../src/ids.ts'
import type { apiKeys } from '../src/platform/database/tables.ts'
import { ApiKey, ApiKeyConnection, apiKeyOrder } from './api-key.ts'
import { builder } from './builder.ts'
import { Node } from './node.ts'
import { readPage, toConnection } from './page.ts'
import { joined, relatedPage } from './related.ts'

export const Project = builder.drizzleObject('projects', {
  name: 'Project',
  description: 'What streams and keys belong to. A key sees its own project only.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    name: t.exposeString('name', { nullable: false }),
    publicHealth: t.exposeBoolean('publicHealth', {
      nullable: false,
      description: 'Whether its health may be read without a key, where the server allows it at all.',
    }),
    apiKeys: t.connection(
      {
        type: ApiKey,
        extensions: relatedPage('apiKeys', 'ApiKey', () => apiKeyOrder),
        resolve: (project, args) => {
          const page = readPage(args, apiKeyOrder)
          return toConnection(joined<typeof apiKeys.$inferSelect>(project, 'apiKeys'), page, apiKeyOrder)
        },
      },
      ApiKeyConnection,
    ),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
  }),
})

builder.queryField('project', (t) =>
  t.field({
    description: "A project by its id, the caller's own where none is given.",
    type: Project,
    args: { id: t.arg.id() },
    resolve: (_, { id }, { caller, loaders }) => {
      const wanted = id == null ? caller.projectId : requireId(id, 'Project', 'id')
      return wanted === null ? null : (loaders.nodes.load(wanted) as Promise<never>)
    },
  }),
)
