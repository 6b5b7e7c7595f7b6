import type { OpenedSession } from '../src/consumers/types.ts'
import { badInput } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { checkedDtlsParameters } from '../src/media/mediasoup/dtls-input.ts'
import { builder } from './builder.ts'
import { Consumer, ConsumerTrack } from './consumer.ts'
import type { GraphqlContext } from './context.ts'
import { ConsumerProtocol, MediaKind } from './enums.ts'

/** What a player may be told of why it was closed. */
const maxMessageLength = 500

export const ConsumerSession = builder.objectRef<OpenedSession>('ConsumerSession').implement({
  description: 'An opened session, with all that its player needs.',
  fields: (t) => ({
    consumer: t.field({ type: Consumer, nullable: false, resolve: ({ consumer }) => consumer }),
    token: t.exposeString('token', {
      nullable: false,
      description:
        'For its player, as "Authorization: Bearer": good for this session alone. Heartbeats bring a new one in time.',
    }),
    tokenExpiresAt: t.field({
      type: 'DateTime',
      nullable: false,
      resolve: ({ tokenExpiresAt }) => new Date(tokenExpiresAt),
    }),
    heartbeatSeconds: t.exposeInt('heartbeatSeconds', {
      nullable: false,
      description: 'How often heartbeats should come.',
    }),
    timeoutSeconds: t.exposeInt('timeoutSeconds', {
      nullable: false,
      description: 'Not heard of for so long, it is closed.',
    }),
    routerRtpCapabilities: t.expose('routerRtpCapabilities', {
      type: 'RtpCapabilities',
      nullable: true,
      description: "For mediasoup-client's device.load. MEDIASOUP only.",
    }),
    transportOptions: t.expose('transportOptions', {
      type: 'TransportOptions',
      nullable: true,
      description: 'MEDIASOUP only.',
    }),
    tracks: t.expose('tracks', {
      type: [ConsumerTrack],
      nullable: { list: false, items: false },
      description: 'Where rtpCapabilities were given; else consume makes them.',
    }),
    url: t.field({
      type: 'URL',
      description: 'Where it plays: of HLS the playlist, which carries the token; of WHEP where to post the offer.',
      resolve: urlOf,
    }),
  }),
})

function urlOf({ consumer, token }: OpenedSession, _: object, { playback, origin }: GraphqlContext): string | null {
  const { whepUrl, hlsUrl } = playback({ id: consumer.streamId }, origin)
  if (consumer.protocol === 'WHEP') return whepUrl
  if (consumer.protocol !== 'HLS' || hlsUrl === null) return null
  const url = new URL(hlsUrl)
  url.searchParams.set('session', token)
  return url.href
}

const OpenConsumerInput = builder.inputType('OpenConsumerInput', {
  fields: (t) => ({
    streamId: t.id({ required: true }),
    clientId: t.string({ required: true, description: 'What you call the player.' }),
    source: t.string({ description: 'On whose account it watches; quotas count by it.' }),
    reservationId: t.id({ description: 'A place that was kept for it.' }),
    protocol: t.field({ type: ConsumerProtocol, required: true, defaultValue: 'MEDIASOUP' }),
    rtpCapabilities: t.field({
      type: 'RtpCapabilities',
      description: 'Where the player knows them, the tracks are made at once.',
    }),
  }),
})

const DtlsFingerprintInput = builder.inputType('DtlsFingerprintInput', {
  fields: (t) => ({
    algorithm: t.string({ required: true, description: 'sha-256, or another of sha-1 to sha-512.' }),
    value: t.string({ required: true }),
  }),
})

const DtlsParametersInput = builder.inputType('DtlsParametersInput', {
  description: "As mediasoup-client's transport gives them in its event connect.",
  fields: (t) => ({
    role: t.string({ description: 'auto, client or server.' }),
    fingerprints: t.field({ type: [DtlsFingerprintInput], required: true }),
  }),
})

const idOf = (id: string) => requireId(id, 'Consumer', 'id')

builder.mutationFields((t) => {
  const pausing = (paused: boolean, description: string) =>
    t.field({
      type: Consumer,
      description,
      args: { id: t.arg.id({ required: true }), kinds: t.arg({ type: [MediaKind] }) },
      resolve: (_, { id, kinds }, context) =>
        context.services.consumers.setPaused(context.caller, idOf(id), kindsOf(kinds), paused),
    })
  return {
    openConsumer: t.field({
      type: ConsumerSession,
      description:
        "Opens a session on a stream. A player's order then: device.load, createRecvTransport, consume, transport.consume, connectConsumer, resumeConsumer.",
      args: { input: t.arg({ type: OpenConsumerInput, required: true }), idempotencyKey: t.arg.string() },
      resolve: (_, { input, idempotencyKey }, context) => {
        requireId(input.streamId, 'Stream', 'input.streamId')
        if (input.reservationId != null) requireId(input.reservationId, 'Reservation', 'input.reservationId')
        const { source = null, reservationId = null, rtpCapabilities = null, ...rest } = input
        const opening = { ...rest, source, reservationId, rtpCapabilities }
        return context.services.consumers.open(context.caller, opening, idempotencyKey ?? null)
      },
    }),
    reopenConsumer: t.field({
      type: ConsumerSession,
      description:
        'A new transport for a session that is open, under its id and on its place: after its connection was lost.',
      args: { id: t.arg.id({ required: true }), rtpCapabilities: t.arg({ type: 'RtpCapabilities' }) },
      resolve: (_, { id, rtpCapabilities }, context) =>
        context.services.consumers.reopen(context.caller, idOf(id), rtpCapabilities ?? null),
    }),
    consume: t.field({
      type: [ConsumerTrack],
      nullable: { list: true, items: false },
      description:
        'A paused track for each kind of the stream that the player can take. The same call gives the same answer.',
      args: {
        id: t.arg.id({ required: true }),
        rtpCapabilities: t.arg({ type: 'RtpCapabilities', required: true }),
      },
      resolve: (_, { id, rtpCapabilities }, context) =>
        context.services.consumers.consume(context.caller, idOf(id), rtpCapabilities),
    }),
    connectConsumer: t.field({
      type: Consumer,
      description: 'The same fingerprints again change nothing; others are CONFLICT.',
      args: {
        id: t.arg.id({ required: true }),
        dtlsParameters: t.arg({ type: DtlsParametersInput, required: true }),
      },
      resolve: (_, { id, dtlsParameters }, context) =>
        context.services.consumers.connect(
          context.caller,
          idOf(id),
          checkedDtlsParameters({ ...dtlsParameters, role: dtlsParameters.role ?? undefined }),
        ),
    }),
    resumeConsumer: pausing(false, 'Lets media flow: of these kinds, or of all. A picture begins with a keyframe.'),
    pauseConsumer: pausing(true, 'Holds media back: of these kinds, or of all.'),
    restartConsumerIce: t.field({
      type: 'IceParameters',
      description: "For mediasoup-client's transport.restartIce, after the player's network has changed.",
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, context) => context.services.consumers.restartIce(context.caller, idOf(id)),
    }),
    closeConsumer: t.field({
      type: Consumer,
      description:
        'Ends a session: by its own token its player says goodbye (CLIENT), by a key it is shown the door (FORCED). Of one that is closed it changes nothing.',
      args: { id: t.arg.id({ required: true }), reason: t.arg.string({ description: 'Told to the player.' }) },
      resolve: (_, { id, reason }, context) => {
        if (reason != null && (reason.length > maxMessageLength || reason.includes('\0')))
          throw badInput('reason', `must be a text of at most ${maxMessageLength} characters`)
        return context.services.consumers.close(context.caller, idOf(id), reason ?? null)
      },
    }),
  }
})

/** Null is all; an empty list would be taken for that or for none, and is refused. */
function kindsOf<Kind>(kinds: Kind[] | null | undefined): Kind[] | null {
  if (kinds == null) return null
  const different = [...new Set(kinds)]
  if (different.length === 0) throw badInput('kinds', 'must not be empty: leave it out for all')
  return different
}
