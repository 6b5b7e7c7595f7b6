import type { HeartbeatAnswer } from '../src/consumers/types.ts'
import { readPlayerStats } from '../src/heartbeats/player-stats.ts'
import { requireId } from '../src/ids.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { CloseReason, HeartbeatRefusal } from './enums.ts'

export const Heartbeat = builder.objectRef<HeartbeatAnswer>('Heartbeat').implement({
  description: 'What came of a heartbeat.',
  fields: (t) => ({
    consumerId: t.exposeID('consumerId', { nullable: false }),
    accepted: t.exposeBoolean('accepted', { nullable: false }),
    refusal: t.expose('refusal', { type: HeartbeatRefusal, nullable: true }),
    closeReason: t.expose('closeReason', { type: CloseReason, nullable: true }),
    closeMessage: t.exposeString('closeMessage', { nullable: true, description: 'For whoever watches.' }),
    at: t.field({ type: 'DateTime', nullable: false, resolve: ({ at }) => new Date(at) }),
    nextBefore: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The next should come by then.',
      resolve: ({ nextBefore }) => (nextBefore === null ? null : new Date(nextBefore)),
    }),
    token: t.exposeString('token', {
      nullable: true,
      description: 'To be used from now on: less than half of the life of the one that was sent is left.',
    }),
  }),
})

const PlayerStatsInput = builder.inputType('PlayerStatsInput', {
  description:
    'What a player tells of itself: counts since it began, and what holds now. What is not known is left out.',
  fields: (t) => ({
    framesDecoded: t.field({ type: 'BigInt' }),
    framesDropped: t.field({ type: 'BigInt' }),
    freezeCount: t.int(),
    jitterMs: t.float(),
    roundTripMs: t.float(),
    bitrateBps: t.field({ type: 'BigInt' }),
  }),
})

const HeartbeatInput = builder.inputType('HeartbeatInput', {
  fields: (t) => ({
    consumerId: t.id({ required: true }),
    stats: t.field({ type: PlayerStatsInput }),
  }),
})

async function renewing({ tokenRenewed }: GraphqlContext, answer: HeartbeatAnswer | Promise<HeartbeatAnswer>) {
  const { token } = await answer
  if (token !== null) tokenRenewed(token)
  return answer
}

// src/http/heartbeat-plan.ts answers these two without graphql-js where nothing about them is unusual: what changes here changes there.
builder.mutationFields((t) => ({
  recordHeartbeat: t.field({
    type: Heartbeat,
    description: 'A sign of life of a player, by its own token or a key; one that is refused says why.',
    args: { consumerId: t.arg.id({ required: true }), stats: t.arg({ type: PlayerStatsInput }) },
    resolve: (_, { consumerId, stats }, context) =>
      renewing(
        context,
        context.services.consumers.heartbeat(
          context.caller,
          requireId(consumerId, 'Consumer', 'consumerId'),
          readPlayerStats(stats, 'stats'),
        ),
      ),
  }),
  recordHeartbeats: t.field({
    type: [Heartbeat],
    nullable: { list: true, items: false },
    description: 'For gateways: at most 1,000, an answer each, in their order.',
    args: { heartbeats: t.arg({ type: [HeartbeatInput], required: true }) },
    resolve: (_, { heartbeats }, context) =>
      context.services.consumers.heartbeats(
        context.caller,
        heartbeats.map(({ consumerId, stats }, i) => ({
          consumerId: requireId(consumerId, 'Consumer', `heartbeats.${i}.consumerId`),
          stats: readPlayerStats(stats, `heartbeats.${i}.stats`),
        })),
      ),
  }),
}))
