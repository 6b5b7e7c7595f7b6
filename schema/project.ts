import { eq } from 'drizzle-orm'
import { requireId } from '../src/ids.ts'
import type { apiKeys } from '../src/platform/database/tables.ts'
import { ApiKey, ApiKeyConnection, apiKeyOrder } from './api-key.ts'
import { builder } from './builder.ts'
import { Node } from './node.ts'
import { type Columns, orderBy, pageQuery, readPage, toConnection } from './page.ts'
import { queryFromInfo } from './query.ts'
import { joined, relatedPage } from './related.ts'

export const Project = builder.drizzleObject('projects', {
  name: 'Project',
  description:
    "What streams and keys belong to. A key sees its own project only, but ADMIN keys of the first project: those are the operator's, and see what projects and keys there are.",
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    name: t.exposeString('name', { nullable: false }),
    publicHealth: t.exposeBoolean('publicHealth', {
      nullable: false,
      description:
        'Whether its health may be read, and its pictures seen, without a key, where the server allows that at all (PUBLIC_HEALTH, PUBLIC_PLAYBACK).',
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

const ProjectConnection = builder.connectionObject(
  { type: Project, name: 'ProjectConnection' },
  { name: 'ProjectEdge' },
)

const projectOrder = orderBy<{ id: string }>('projects', 'asc', ['id'])

builder.queryField('projects', (t) =>
  t.connection(
    {
      type: Project,
      description: "The projects, the oldest first: all for the operator, for everybody else the caller's own alone.",
      resolve: async (_, args, context, info) => {
        const { caller, db, services } = context
        const page = readPage(args, projectOrder)
        const all = await services.projects.isOperator(caller)
        const own = (table: Columns) => (all ? undefined : eq(table.id!, caller.projectId ?? ''))
        const query = queryFromInfo(context, info, pageQuery(page, projectOrder, own))
        return toConnection(await db.query.projects.findMany(query), page, projectOrder)
      },
    },
    ProjectConnection,
  ),
)
