import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import type { Caller } from '../src/caller.ts'
import { WeirError } from '../src/errors.ts'
import type { Scope } from '../src/platform/database/tables.ts'
import { hasScope } from '../src/projects/scopes.ts'
import type { GraphqlContext } from './context.ts'

/** Any of these scopes, or none but a session's token where `session` says so. */
const anyOf = {
  PLAYER: { scopes: ['PLAY', 'WRITE'], session: false },
  PLAYER_OR_READ: { scopes: ['READ', 'PLAY', 'WRITE'], session: false },
  SESSION: { scopes: ['PLAY', 'WRITE'], session: true },
  SESSION_OR_READ: { scopes: ['READ', 'PLAY', 'WRITE'], session: true },
  SESSION_OR_WRITE: { scopes: ['WRITE'], session: true },
} as const satisfies Record<string, { scopes: readonly Scope[]; session: boolean }>

/**
 * What a field asks of its caller. PUBLIC: anybody who may read the project, with or without a key. PLAYER: a key that may open sessions. The others
 * let in a session's own token too: for that session alone, which its service or loader sees to.
 */
export type Access = 'PUBLIC' | Scope | keyof typeof anyOf

/**
 * Who may see what, field by field. A field that isn't named here needs READ, a mutation WRITE.
 * Public is what PUBLIC_HEALTH opens: no source URLs, options, labels, addresses, actors, events, logs or statistics.
 */
const accessTable: Record<string, Record<string, Access>> = {
  Query: {
    node: 'PUBLIC',
    nodes: 'PUBLIC',
    viewer: 'PUBLIC',
    stream: 'PUBLIC',
    streamHealth: 'PUBLIC',
    systemHealth: 'PUBLIC',
    systemHealthAt: 'PUBLIC',
    systemHealthTimeline: 'PUBLIC',
    streams: 'PUBLIC',
    producer: 'PUBLIC',
    producers: 'PUBLIC',
    consumer: 'SESSION_OR_READ',
    reservation: 'PLAYER_OR_READ',
  },
  Mutation: {
    drainMediaNode: 'ADMIN',
    createProject: 'ADMIN',
    updateProject: 'ADMIN',
    createApiKey: 'ADMIN',
    revokeApiKey: 'ADMIN',
    createReservation: 'PLAYER',
    releaseReservation: 'PLAYER',
    extendReservation: 'PLAYER',
    openConsumer: 'PLAYER',
    reopenConsumer: 'SESSION',
    consume: 'SESSION',
    connectConsumer: 'SESSION',
    resumeConsumer: 'SESSION',
    pauseConsumer: 'SESSION',
    restartConsumerIce: 'SESSION',
    recordHeartbeat: 'SESSION',
    recordHeartbeats: 'PLAYER',
    closeConsumer: 'SESSION_OR_WRITE',
  },
  Subscription: { streams: 'PUBLIC', streamHealth: 'PUBLIC', node: 'PUBLIC', systemHealth: 'PUBLIC' },
  Viewer: { '*': 'PUBLIC', project: 'READ' },
  RateLimit: { '*': 'PUBLIC' },
  Stream: {
    id: 'PUBLIC',
    name: 'PUBLIC',
    onDemand: 'PUBLIC',
    desiredState: 'PUBLIC',
    generation: 'PUBLIC',
    observedGeneration: 'PUBLIC',
    state: 'PUBLIC',
    stateReason: 'PUBLIC',
    stateCause: 'PUBLIC',
    stateSince: 'PUBLIC',
    uptimeSeconds: 'PUBLIC',
    process: 'PUBLIC',
    tracks: 'PUBLIC',
    producers: 'PUBLIC',
    health: 'PUBLIC',
    healthAt: 'PUBLIC',
    healthTimeline: 'PUBLIC',
    playback: 'PUBLIC',
    createdAt: 'PUBLIC',
    updatedAt: 'PUBLIC',
    deletedAt: 'PUBLIC',
  },
  MediaTrack: { '*': 'PUBLIC' },
  FfmpegProcess: { '*': 'PUBLIC', lastExit: 'READ' },
  Producer: {
    id: 'PUBLIC',
    stream: 'PUBLIC',
    kind: 'PUBLIC',
    codec: 'PUBLIC',
    state: 'PUBLIC',
    ssrcs: 'PUBLIC',
    uptimeSeconds: 'PUBLIC',
    createdAt: 'PUBLIC',
    closedAt: 'PUBLIC',
  },
  Consumer: { '*': 'SESSION_OR_READ' },
  Reservation: { '*': 'PLAYER_OR_READ' },
  ConsumerTrack: { '*': 'SESSION_OR_READ' },
  ConsumerSession: { '*': 'SESSION' },
  Heartbeat: { '*': 'SESSION' },
  StreamHealth: { '*': 'PUBLIC', consumers: 'READ' },
  StreamHealthTimeline: { '*': 'PUBLIC' },
  StreamHealthPoint: { '*': 'PUBLIC', consumers: 'READ' },
  HealthIssue: { '*': 'PUBLIC' },
  ProducerFigures: {
    producerId: 'PUBLIC',
    kind: 'PUBLIC',
    state: 'PUBLIC',
    ssrcs: 'PUBLIC',
    uptimeSeconds: 'PUBLIC',
  },
  SystemHealth: { '*': 'PUBLIC' },
  SystemHealthTimeline: { '*': 'PUBLIC' },
  SystemHealthPoint: { '*': 'PUBLIC' },
  ComponentHealth: { '*': 'PUBLIC', details: 'READ', mediaNode: 'READ' },
  HealthSummary: { '*': 'PUBLIC' },
  StreamCounts: { '*': 'PUBLIC' },
  StreamStateCount: { '*': 'PUBLIC' },
  Playback: { '*': 'PUBLIC' },
  StreamsUpdate: { '*': 'PUBLIC' },
  HealthChange: { '*': 'PUBLIC' },
  Checkpoint: { '*': 'PUBLIC' },
  Gap: { '*': 'PUBLIC' },
  PageInfo: { '*': 'PUBLIC' },
  Project: { apiKeys: 'ADMIN', sourcePolicy: 'ADMIN' },
  SourcePolicy: { '*': 'ADMIN' },
  Actor: { apiKey: 'ADMIN', address: 'ADMIN' },
  ApiKey: { '*': 'ADMIN' },
  ApiKeySecret: { '*': 'ADMIN' },
}

/** The access that a field asks for. Edges and connections carry what their own field has let through. */
export function accessOf(typeName: string, fieldName: string): Access {
  const rules = accessTable[typeName]
  const rule = rules?.[fieldName] ?? rules?.['*']
  if (rule) return rule
  if (typeName === 'Mutation') return 'WRITE'
  return /(Connection|Edge)$/.test(typeName) ? 'PUBLIC' : 'READ'
}

/** Whether a caller's scopes let it do this. */
export function mayAccess(caller: Caller, access: Access): boolean {
  if (access === 'PUBLIC') return caller.projectId !== null
  if (!isWord(access)) return hasScope(caller, access)
  const { scopes, session } = anyOf[access]
  return (session && caller.session !== undefined) || scopes.some((scope) => hasScope(caller, scope))
}

function isWord(access: Access): access is keyof typeof anyOf {
  return Object.hasOwn(anyOf, access)
}

/** Throws UNAUTHENTICATED for a caller without a key, FORBIDDEN for a key (or a session's token) that does not reach so far. */
export function requireAccess(caller: Caller, access: Access, what: string): void {
  if (mayAccess(caller, access)) return
  if (caller.actor.kind === 'ANONYMOUS')
    throw new WeirError('UNAUTHENTICATED', `${what} needs a key: send it as "Authorization: Bearer <key>".`)
  if (access === 'PUBLIC') throw new WeirError('FORBIDDEN', `${what} is not public: it needs a key.`)
  const scopes = isWord(access) ? anyOf[access].scopes : [access]
  throw new WeirError('FORBIDDEN', `${what} needs a key with the scope ${scopes.join(' or ')}.`)
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      access: AccessPlugin<Types>
    }
  }
}

type Resolver = GraphQLFieldResolver<unknown, object>

/** Asks the table before every resolver, so that one refused field blanks that field alone. */
export class AccessPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: Resolver, field: PothosOutputFieldConfig<Types>): Resolver {
    return guarded(resolver, field.parentType, field.name)
  }

  override wrapSubscribe(
    subscriber: Resolver | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver | undefined {
    return subscriber && guarded(subscriber, field.parentType, field.name)
  }
}

function guarded(resolver: Resolver, typeName: string, fieldName: string): Resolver {
  const access = accessOf(typeName, fieldName)
  const what = `${typeName}.${fieldName}`
  return (parent, args, context, info) => {
    requireAccess((context as GraphqlContext).caller, access, what)
    return resolver(parent, args, context, info)
  }
}

export const accessPluginName = 'access'
SchemaBuilder.registerPlugin(accessPluginName, AccessPlugin)
