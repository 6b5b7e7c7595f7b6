import { WeirError } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { nodeStatus } from '../src/nodes/model.ts'
import { builder } from './builder.ts'
import { HealthStatus } from './enums.ts'
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
    status: t.field({
      type: HealthStatus,
      nullable: false,
      description:
        'HEALTHY: it says that it lives. CRITICAL: it was lost. UNKNOWN: it was stopped, or has not been seen for 20 s.',
      resolve: (node, _, { now }) => nodeStatus(node, now()),
    }),
    consumers: t.exposeInt('consumers', {
      nullable: false,
      description: 'Sessions by WebRTC that are connected there, as last told.',
    }),
    cpuPercent: t.exposeFloat('cpuPercent', { description: "Of all of its machine's cores, as last told." }),
    draining: t.exposeBoolean('draining', {
      nullable: false,
      description: 'It takes no new streams, and hands over those that another node can take.',
    }),
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

builder.mutationField('drainMediaNode', (t) =>
  t.field({
    type: MediaNode,
    description:
      'For the operator: an ADMIN key of the first project. Draining, a node takes nothing new and hands its streams over, a few at a time. What no other can take it keeps.',
    args: { id: t.arg.id({ required: true }), draining: t.arg.boolean({ required: true, defaultValue: true }) },
    resolve: async (_, { id, draining }, { services, caller }) => {
      requireId(id, 'MediaNode', 'id')
      // Nodes run the streams of every project.
      if (!(await services.projects.isOperator(caller)))
        throw new WeirError('FORBIDDEN', "Nodes are the operator's: this needs an ADMIN key of the first project.")
      return services.nodes.drain(caller, id, draining)
    },
  }),
)
