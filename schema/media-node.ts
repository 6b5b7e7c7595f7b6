import { builder } from './builder.ts'
import { Node } from './node.ts'

export const MediaNode = builder.drizzleObject('mediaNodes', {
  name: 'MediaNode',
  description: 'A process that runs streams.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    name: t.exposeString('name', { nullable: false }),
    version: t.exposeString('version', { nullable: false }),
    capacity: t.exposeInt('capacity', { nullable: false, description: 'The most streams that it takes.' }),
    streams: t.int({
      description: "How many of the project's streams it has.",
      resolve: (node, _, { loaders }) => loaders.streamsOfNode.load(node.id),
    }),
    draining: t.exposeBoolean('draining', { nullable: false, description: 'It takes no new streams.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: false }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: false }),
  }),
})

/** The most nodes that a cluster's list shows. */
const maxNodes = 100

builder.queryField('mediaNodes', (t) =>
  t.field({
    description: 'The nodes that run streams, those seen last first.',
    type: [MediaNode],
    resolve: (_, __, { db }) =>
      db.query.mediaNodes.findMany({ orderBy: { lastSeenAt: 'desc', id: 'asc' }, limit: maxNodes }),
  }),
)
