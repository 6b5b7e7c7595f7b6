import type { events } from '../src/platform/database/tables.ts'
import type { ProducerRow } from '../src/producers/types.ts'
import { policyOf } from '../src/streams/policy.ts'
import { builder } from './builder.ts'
import { DesiredState, FailureCause, StreamState } from './enums.ts'
import { Event, EventConnection, EventFilter, type EventFilterInput, eventFilter, eventOrder } from './event.ts'
import { MediaNode } from './media-node.ts'
import { Node } from './node.ts'
import { type PageArgs, readPage, toConnection } from './page.ts'
import { Playback } from './playback.ts'
import { FfmpegProcess } from './process.ts'
import { Producer, ProducerConnection, producerOrder } from './producer.ts'
import { Project } from './project.ts'
import { type AttemptRow, attemptOrder, RecoveryAttempt, RecoveryAttemptConnection } from './recovery-attempt.ts'
import { RecoveryPolicy } from './recovery-policy.ts'
import { RecoveryStats } from './recovery-stats.ts'
import { joined, relatedPage } from './related.ts'
import { StreamSource } from './source.ts'
import { MediaTrack } from './track.ts'

const newestFirst = eventOrder('DESC')
type EventRow = typeof events.$inferSelect
type EventArgs = PageArgs & { filter?: EventFilterInput | null }

export const Stream = builder.drizzleObject('streams', {
  name: 'Stream',
  description: 'Live media from one source: what was ordered, what is, and what is measured of it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    name: t.exposeString('name', { nullable: false }),
    labels: t.expose('labels', { type: 'JSON', nullable: true }),
    project: t.relation('project', { type: Project, nullable: true }),
    source: t.field({ type: StreamSource, resolve: ({ source }) => source }),
    desiredState: t.expose('desiredState', { type: DesiredState, nullable: false, description: 'What was asked for.' }),
    generation: t.exposeInt('generation', {
      nullable: false,
      description: 'desiredState, source or policy changed this often.',
    }),
    observedGeneration: t.exposeInt('observedGeneration', {
      nullable: false,
      description: 'The generation that is carried out. Equal to generation: settled.',
    }),
    onDemand: t.exposeBoolean('onDemand', {
      nullable: false,
      description: 'It starts with its first session, and stops when the last has been gone for a while.',
    }),
    maxConsumers: t.exposeInt('maxConsumers', {
      nullable: true,
      description: 'Places of viewers that it has: open sessions, and reservations. Null is no limit of its own.',
    }),
    recoveryPolicy: t.field({
      type: RecoveryPolicy,
      resolve: ({ recoveryPolicy }, _, { policy }) => policyOf(policy, recoveryPolicy),
    }),
    state: t.expose('state', { type: StreamState, nullable: false, description: 'What is.' }),
    stateReason: t.exposeString('stateReason', {
      nullable: true,
      description: 'Why, in a sentence that everybody may read: no addresses, no credentials.',
    }),
    stateCause: t.expose('stateCause', {
      type: FailureCause,
      nullable: true,
      description: 'What is wrong, where something is.',
    }),
    stateSince: t.expose('stateSince', { type: 'DateTime', nullable: false }),
    uptimeSeconds: t.float({
      description: 'Since it is LIVE; null when it is not.',
      resolve: ({ state, stateSince }, _, { now }) =>
        state === 'LIVE' ? Math.max(0, (now() - stateSince.getTime()) / 1000) : null,
    }),
    mediaNode: t.relation('mediaNode', { type: MediaNode, nullable: true, description: 'The node that runs it.' }),
    process: t.field({
      type: FfmpegProcess,
      extensions: { live: true },
      resolve: async (stream, _, { loaders }) => ({ stream, figures: await loaders.figures.load(stream.id) }),
    }),
    tracks: t.field({
      type: [MediaTrack],
      extensions: { live: true },
      description: 'What the source carries; null until it has been learnt.',
      resolve: async ({ id, sourceTracks }, _, { loaders }) => {
        if (!sourceTracks) return null
        const figures = await loaders.figures.load(id)
        return sourceTracks.map((track) => ({
          track,
          figures: figures?.process?.tracks.find(({ kind }) => kind === track.kind) ?? null,
        }))
      },
    }),
    producers: t.connection(
      {
        type: Producer,
        description: 'Newest first, closed ones with them.',
        extensions: relatedPage('producers', 'Producer', () => producerOrder),
        resolve: (stream, args) =>
          toConnection(joined<ProducerRow>(stream, 'producers'), readPage(args, producerOrder), producerOrder),
      },
      ProducerConnection,
    ),
    recovery: t.field({
      type: RecoveryStats,
      description: 'What recovery does for it, in figures.',
      resolve: async (stream, _, { loaders, policy }) => ({
        ...(await loaders.recovery.load(stream.id)),
        enabled: policyOf(policy, stream.recoveryPolicy).enabled,
        restarts: stream.restarts,
      }),
    }),
    recoveryAttempts: t.connection(
      {
        type: RecoveryAttempt,
        description: 'Its failures and what was done about each, newest first.',
        extensions: relatedPage('recoveryAttempts', 'RecoveryAttempt', () => attemptOrder),
        resolve: (stream, args) =>
          toConnection(joined<AttemptRow>(stream, 'recoveryAttempts'), readPage(args, attemptOrder), attemptOrder),
      },
      RecoveryAttemptConnection,
    ),
    events: t.connection(
      {
        type: Event,
        description: 'What happened to it, newest first.',
        args: { filter: t.arg({ type: EventFilter }) },
        extensions: relatedPage<EventArgs, { cursor: number | null }>(
          'events',
          'Event',
          () => newestFirst,
          (args, caller) => eventFilter(args.filter, caller),
        ),
        resolve: (stream, args, { caller }) => {
          const page = readPage(args, newestFirst)
          eventFilter(args.filter, caller)
          return toConnection(joined<EventRow>(stream, 'events'), page, newestFirst)
        },
      },
      EventConnection,
    ),
    playback: t.field({ type: Playback, resolve: (stream, _, { playback, origin }) => playback(stream, origin) }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime' }),
  }),
})

builder.drizzleObjectField(Producer, 'stream', (t) => t.relation('stream', { type: Stream, nullable: true }))
builder.drizzleObjectField(RecoveryAttempt, 'stream', (t) => t.relation('stream', { type: Stream }))
builder.objectField(FfmpegProcess, 'stream', (t) => t.field({ type: Stream, resolve: ({ stream }) => stream }))
