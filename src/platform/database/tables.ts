import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { CloseReason, ConsumerProtocol, ConsumerState, PlayerStats } from '../../consumers/model.ts'
import type { EventType } from '../../events/model.ts'
import type { HealthIssue, HealthStatus } from '../../health/model.ts'
import type { ComponentHealth } from '../../health/system/model.ts'
import type { ProducerCloseReason, ProducerState } from '../../producers/model.ts'
import type { RecoveryAction, RecoveryOutcome } from '../../recovery/model.ts'
import type { Quotas, ReservationState } from '../../reservations/model.ts'
import type { SourcePolicy } from '../../sources/policy.ts'
import type {
  DesiredState,
  FailureCause,
  MediaKind,
  ProcessExit,
  SourceTrack,
  StreamSource,
  StreamState,
} from '../../streams/model.ts'
import type { StreamPolicyOverrides } from '../../streams/policy.ts'

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
const createdAt = () => time('created_at').notNull().defaultNow()

export const projects = pgTable('projects', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  publicHealth: boolean('public_health').notNull().default(true),
  quotas: jsonb('quotas').notNull().default({}).$type<Quotas>(),
  /** Where the sources of its streams may be; what is absent is as the server has it. */
  sourcePolicy: jsonb('source_policy').notNull().default({}).$type<SourcePolicy>(),
  createdAt: createdAt(),
})

/** Keys are kept as SHA-256 hashes only; `prefix` is the part that may be shown. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    hash: text('hash').notNull(),
    scopes: text('scopes').array().notNull().$type<Scope>(),
    createdAt: createdAt(),
    lastUsedAt: time('last_used_at'),
    expiresAt: time('expires_at'),
    revokedAt: time('revoked_at'),
  },
  (t) => [
    uniqueIndex('api_keys_hash').on(t.hash),
    index('api_keys_project').on(t.projectId, t.id),
    index('api_keys_revoked').on(t.revokedAt).where(sql`revoked_at is not null`),
  ],
)
export const scopes = ['READ', 'WRITE', 'PUBLISH', 'PLAY', 'ADMIN'] as const
export type Scope = (typeof scopes)[number]

export const mediaNodes = pgTable('media_nodes', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  version: text('version').notNull(),
  capacity: integer('capacity').notNull(),
  /** Where the other nodes reach it; null where it has not said. */
  url: text('url'),
  draining: boolean('draining').notNull().default(false),
  startedAt: time('started_at').notNull().defaultNow(),
  lastSeenAt: time('last_seen_at').notNull().defaultNow(),
  /** As it told itself with its last sign of life. */
  consumers: integer('consumers').notNull().default(0),
  cpuPercent: doublePrecision('cpu_percent'),
  /** Ended in order; null while it runs, or after it was lost. */
  stoppedAt: time('stopped_at'),
  /** Others noticed that it no longer says that it lives; null again once it does. */
  lostAt: time('lost_at'),
})

/** One row: what all nodes on this database know together. */
export const cluster = pgTable('cluster', {
  id: integer('id').primaryKey(),
  /** By which nodes know each other. */
  nodeSecret: text('node_secret').notNull(),
  /** A known text sealed with SECRET_KEY: a node that has another key is told so at its start. */
  secretKeyCheck: text('secret_key_check'),
})

/** What each node last said of its components, one row a node; gone when it stops in order or is silent for long. */
export const nodeHealth = pgTable('node_health', {
  nodeId: text('node_id').primaryKey(),
  components: jsonb('components').notNull().$type<ComponentHealth[]>(),
  activeProcesses: integer('active_processes').notNull(),
  reportedAt: time('reported_at').notNull().defaultNow(),
})

/** Who runs what. The row of a resource stays when it is released, so that its token only ever grows. */
export const leases = pgTable(
  'leases',
  {
    resourceId: text('resource_id').primaryKey(),
    ownerNodeId: text('owner_node_id'),
    token: bigint('token', { mode: 'number' }).notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index('leases_owner').on(t.ownerNodeId)],
)

export const streams = pgTable(
  'streams',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    name: text('name').notNull(),
    labels: jsonb('labels').notNull().default({}).$type<Record<string, string>>(),
    /** Without what is secret in its URL, which `sourceSecret` has. */
    source: jsonb('source').notNull().$type<StreamSource>(),
    /** The URL as it was given, sealed; null where it holds no secret. */
    sourceSecret: text('source_secret'),
    /** Learnt by probing, for this source; null until then and after a change of source. */
    sourceTracks: jsonb('source_tracks').$type<SourceTrack[]>(),
    maxConsumers: integer('max_consumers'),
    /** Starts with its first session, and stops when the last has been gone for a while. */
    onDemand: boolean('on_demand').notNull().default(false),

    desiredState: text('desired_state').notNull().$type<DesiredState>(),
    /** Counts changes of desiredState, source and policy; observedGeneration is the one carried out. */
    generation: integer('generation').notNull().default(1),
    observedGeneration: integer('observed_generation').notNull().default(0),
    /** Counts starts and restarts by order: a process and producers belong to one of them. */
    startOrder: integer('start_order').notNull().default(0),

    state: text('state').notNull().default('STOPPED').$type<StreamState>(),
    stateReason: text('state_reason'),
    stateCause: text('state_cause').$type<FailureCause>(),
    stateSince: time('state_since').notNull().defaultNow(),
    mediaNodeId: text('media_node_id').references(() => mediaNodes.id),
    /** FFmpeg restarts since the last start by order. */
    restarts: integer('restarts').notNull().default(0),
    lastExit: jsonb('last_exit').$type<ProcessExit>(),
    /** What it sets for itself of how it is watched and mended; the rest is the server's. */
    recoveryPolicy: jsonb('recovery_policy').notNull().default({}).$type<StreamPolicyOverrides>(),
    /** As judged last by the node that runs it; UNKNOWN where none does. */
    health: text('health').notNull().default('UNKNOWN').$type<HealthStatus>(),
    healthSince: time('health_since').notNull().defaultNow(),
    healthIssues: jsonb('health_issues').notNull().default([]).$type<HealthIssue[]>(),

    createdAt: createdAt(),
    updatedAt: time('updated_at').notNull().defaultNow(),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    index('streams_project').on(t.projectId, t.id),
    index('streams_project_name').on(t.projectId, t.name, t.id),
    index('streams_project_state_since').on(t.projectId, t.stateSince, t.id),
    index('streams_node').on(t.mediaNodeId),
  ],
)

export const producers = pgTable(
  'producers',
  {
    /** mediasoup's producer carries the same id. */
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    streamId: text('stream_id')
      .notNull()
      .references(() => streams.id),
    kind: text('kind').notNull().$type<MediaKind>(),
    codec: text('codec').notNull(),
    ssrcs: bigint('ssrcs', { mode: 'number' }).array().notNull(),
    state: text('state').notNull().$type<ProducerState>(),
    stateSince: time('state_since').notNull().defaultNow(),
    /** The stream's startOrder that it was made for. */
    startOrder: integer('start_order').notNull(),
    createdAt: createdAt(),
    closedAt: time('closed_at'),
    closeReason: text('close_reason').$type<ProducerCloseReason>(),
  },
  (t) => [index('producers_stream').on(t.streamId, t.id), index('producers_project').on(t.projectId, t.id)],
)

/** Sessions of players. Opened and closed through one door each (src/consumers/store.ts), which keep places and reservations in step. */
export const consumers = pgTable(
  'consumers',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    streamId: text('stream_id')
      .notNull()
      .references(() => streams.id),
    /** What the player, or who opened the session for it, calls it. */
    clientId: text('client_id').notNull(),
    /** On whose account it watches: an agency, a site, an application. */
    source: text('source'),
    protocol: text('protocol').notNull().$type<ConsumerProtocol>(),
    state: text('state').notNull().$type<ConsumerState>(),
    stateSince: time('state_since').notNull().defaultNow(),
    reservationId: text('reservation_id'),
    /** The key that opened it; null where none did. */
    apiKeyId: text('api_key_id'),
    /** Where its transport is; null for HLS, and while it has none. */
    mediaNodeId: text('media_node_id'),
    /** Counts its transports: what is told of an earlier one is told too late. */
    incarnation: integer('incarnation').notNull().default(1),
    openedAt: time('opened_at').notNull().defaultNow(),
    closedAt: time('closed_at'),
    closeReason: text('close_reason').$type<CloseReason>(),
    closeMessage: text('close_message'),
    /** As it was when it closed; while it is open, heartbeats has them. */
    lastHeartbeatAt: time('last_heartbeat_at'),
    playerStats: jsonb('player_stats').$type<PlayerStats>(),
  },
  (t) => [
    index('consumers_project').on(t.projectId, t.id),
    index('consumers_stream').on(t.streamId, t.id),
    index('consumers_open').on(t.streamId, t.id).where(sql`state <> 'CLOSED'`),
    index('consumers_node').on(t.mediaNodeId).where(sql`state <> 'CLOSED'`),
    index('consumers_closed').on(t.closedAt).where(sql`state = 'CLOSED'`),
    index('consumers_new_hls').on(t.id).where(sql`state = 'NEW' and protocol = 'HLS'`),
    index('consumers_reservation').on(t.reservationId).where(sql`state <> 'CLOSED'`),
    index('consumers_key').on(t.apiKeyId).where(sql`state <> 'CLOSED'`),
  ],
)

/**
 * The last sign of life of each open session, gone when it closes. A table of its own, narrow and with no index but its key, since every session
 * writes here all the time.
 */
export const heartbeats = pgTable('heartbeats', {
  consumerId: text('consumer_id').primaryKey(),
  /** Null: it lives by its connection alone (a WHEP player that has never sent one). */
  at: time('at'),
  stats: jsonb('stats').$type<PlayerStats>(),
})

/** Places kept for viewers before they watch. */
export const reservations = pgTable(
  'reservations',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    streamId: text('stream_id')
      .notNull()
      .references(() => streams.id),
    source: text('source').notNull(),
    holder: text('holder'),
    state: text('state').notNull().$type<ReservationState>(),
    createdAt: createdAt(),
    activatedAt: time('activated_at'),
    releasedAt: time('released_at'),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [
    index('reservations_project').on(t.projectId, t.id),
    index('reservations_stream').on(t.streamId, t.id),
    index('reservations_open').on(t.projectId, t.streamId, t.source).where(sql`state in ('HELD', 'ACTIVE')`),
    index('reservations_held').on(t.expiresAt).where(sql`state = 'HELD'`),
    index('reservations_ended').on(t.releasedAt).where(sql`state in ('RELEASED', 'EXPIRED')`),
  ],
)

/**
 * How many places are taken, by scope: raised and lowered in the transaction that opens or closes what sits on them, so that a limit holds by the
 * row's lock and nothing has to be counted.
 */
export const places = pgTable(
  'places',
  {
    projectId: text('project_id').notNull(),
    scope: text('scope').notNull().$type<PlaceScope>(),
    /** A stream's id, a source's name, or the project's id. */
    key: text('key').notNull(),
    taken: integer('taken').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.scope, t.key] })],
)
export const placeScopes = [
  'CONSUMERS_OF_PROJECT',
  'CONSUMERS_OF_SOURCE',
  'CONSUMERS_OF_STREAM',
  'RESERVATIONS_OF_PROJECT',
] as const
export type PlaceScope = (typeof placeScopes)[number]

/** What was done about each failure of a stream, and what came of it. Kept as long as the event log. */
export const recoveryAttempts = pgTable(
  'recovery_attempts',
  {
    id: text('id').primaryKey(),
    projectId: text('project_id')
      .notNull()
      .references(() => projects.id),
    streamId: text('stream_id')
      .notNull()
      .references(() => streams.id),
    /** Of the failures in a row this is the n-th, from 1. */
    number: integer('number').notNull(),
    cause: text('cause').notNull().$type<FailureCause>(),
    evidence: jsonb('evidence').notNull().default({}).$type<Record<string, unknown>>(),
    action: text('action').notNull().$type<RecoveryAction>(),
    /** Null while it is not decided. */
    outcome: text('outcome').$type<RecoveryOutcome>(),
    startedAt: time('started_at').notNull(),
    endedAt: time('ended_at'),
    /** From the last media before the failure to the first after it; null until then. */
    downtimeSeconds: doublePrecision('downtime_seconds'),
    /** The last lines of FFmpeg's log, redacted. */
    log: jsonb('log').notNull().default([]).$type<string[]>(),
  },
  (t) => [
    index('recovery_attempts_stream').on(t.streamId, t.id),
    index('recovery_attempts_project').on(t.projectId, t.id),
    index('recovery_attempts_started').on(t.startedAt),
  ],
)

/** Who did it, as far as is known. */
export interface EventActor {
  kind: 'API_KEY' | 'JWT' | 'SESSION' | 'ANONYMOUS' | 'SYSTEM'
  apiKeyId?: string
  name?: string
  address?: string
}

/** The log. Written with `cursor` null in the transaction of the change itself, numbered after the commit, without gaps. */
export const events = pgTable(
  'events',
  {
    id: text('id').primaryKey(),
    /** The order of appending, with gaps; of two events of which one could see the other it is the smaller. */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    cursor: bigint('cursor', { mode: 'number' }),
    projectId: text('project_id').notNull(),
    type: text('type').notNull().$type<EventType>(),
    at: time('at').notNull().defaultNow(),
    subjectId: text('subject_id'),
    actor: jsonb('actor').$type<EventActor>(),
    data: jsonb('data').notNull().default({}).$type<Record<string, unknown>>(),
  },
  (t) => [
    uniqueIndex('events_cursor').on(t.cursor),
    index('events_unnumbered').on(t.position).where(sql`cursor is null`),
    index('events_project').on(t.projectId, t.cursor),
    index('events_subject').on(t.subjectId, t.cursor),
    index('events_at').on(t.at),
  ],
)

/** One row: the last number given and the first still kept. */
export const eventLog = pgTable('event_log', {
  id: integer('id').primaryKey(),
  lastCursor: bigint('last_cursor', { mode: 'number' }).notNull(),
  firstCursor: bigint('first_cursor', { mode: 'number' }).notNull(),
})

/** Answers to mutations with an idempotencyKey, kept for 24 h. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    projectId: text('project_id').notNull(),
    mutation: text('mutation').notNull(),
    key: text('key').notNull(),
    inputHash: text('input_hash').notNull(),
    resultId: text('result_id').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.mutation, t.key] }), index('idempotency_keys_created').on(t.createdAt)],
)
