import { defineRelations } from 'drizzle-orm'
import * as tables from './tables.ts'

export const relations = defineRelations(
  {
    projects: tables.projects,
    apiKeys: tables.apiKeys,
    mediaNodes: tables.mediaNodes,
    nodeHealth: tables.nodeHealth,
    cluster: tables.cluster,
    leases: tables.leases,
    streams: tables.streams,
    producers: tables.producers,
    recoveryAttempts: tables.recoveryAttempts,
    events: tables.events,
    eventLog: tables.eventLog,
    idempotencyKeys: tables.idempotencyKeys,
  },
  (r) => ({
    projects: {
      streams: r.many.streams(),
      apiKeys: r.many.apiKeys(),
    },
    apiKeys: {
      project: r.one.projects({ from: r.apiKeys.projectId, to: r.projects.id, optional: false }),
    },
    mediaNodes: {
      streams: r.many.streams(),
    },
    streams: {
      project: r.one.projects({ from: r.streams.projectId, to: r.projects.id, optional: false }),
      mediaNode: r.one.mediaNodes({ from: r.streams.mediaNodeId, to: r.mediaNodes.id }),
      producers: r.many.producers(),
      recoveryAttempts: r.many.recoveryAttempts(),
      events: r.many.events({ from: r.streams.id, to: r.events.subjectId }),
    },
    recoveryAttempts: {
      stream: r.one.streams({ from: r.recoveryAttempts.streamId, to: r.streams.id, optional: false }),
    },
    producers: {
      stream: r.one.streams({ from: r.producers.streamId, to: r.streams.id, optional: false }),
    },
  }),
)
