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
    consumers: tables.consumers,
    heartbeats: tables.heartbeats,
    reservations: tables.reservations,
    places: tables.places,
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
      consumers: r.many.consumers(),
      reservations: r.many.reservations(),
      events: r.many.events({ from: r.streams.id, to: r.events.subjectId }),
    },
    recoveryAttempts: {
      stream: r.one.streams({ from: r.recoveryAttempts.streamId, to: r.streams.id, optional: false }),
    },
    consumers: {
      stream: r.one.streams({ from: r.consumers.streamId, to: r.streams.id, optional: false }),
      heartbeat: r.one.heartbeats({ from: r.consumers.id, to: r.heartbeats.consumerId }),
      reservation: r.one.reservations({ from: r.consumers.reservationId, to: r.reservations.id }),
    },
    reservations: {
      stream: r.one.streams({ from: r.reservations.streamId, to: r.streams.id, optional: false }),
    },
    producers: {
      stream: r.one.streams({ from: r.producers.streamId, to: r.streams.id, optional: false }),
    },
  }),
)
