import { badInput, type WeirError } from '../src/errors.ts'
import { requireId } from '../src/ids.ts'
import { type UrlSourceKind, urlSourceKinds } from '../src/streams/model.ts'
import type {
  StreamSourceInput as SourceInput,
  StreamOrder,
  StreamRow,
  UpdateStreamInput as Update,
} from '../src/streams/types.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { ErrorCodeEnum } from './enums.ts'
import { requireShortList } from './page.ts'
import { Stream } from './stream.ts'
import { CreateStreamInput, type StreamSourceInput, UpdateStreamInput } from './stream-inputs.ts'

/** What the service takes: given members only, the kind one of a URL. */
function sourceOf(input: typeof StreamSourceInput.$inferInput): SourceInput {
  const kind = input.url?.kind
  if (kind != null && !urlSourceKinds.includes(kind as UrlSourceKind))
    throw badInput('input.source.url.kind', `must be one of ${urlSourceKinds.join(', ')}`)
  return input as SourceInput
}

/** Absent keeps, null resets; what can't be null is refused rather than kept. */
function updateOf(input: typeof UpdateStreamInput.$inferInput): Update {
  const { source, ...rest } = input
  for (const name of ['name', 'source'] as const)
    if (input[name] === null) throw badInput(`input.${name}`, "can't be reset")
  return { ...rest, ...(source ? { source: sourceOf(source) } : {}) } as Update
}

interface ManyResult {
  id: string
  stream: StreamRow | null
  error: WeirError | null
}

const ErrorDetail = builder.objectRef<Pick<WeirError, 'code' | 'message'>>('ErrorDetail').implement({
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, nullable: false }),
    message: t.exposeString('message', { nullable: false }),
  }),
})

const StreamResult = builder.objectRef<ManyResult>('StreamResult').implement({
  description: 'What came of one id: the stream or an error.',
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    stream: t.field({ type: Stream, resolve: ({ stream }) => stream }),
    error: t.field({
      type: ErrorDetail,
      // Not the error itself: GraphQL takes any that is returned for one that was thrown.
      resolve: ({ error }) => error && { code: error.code, message: error.message },
    }),
  }),
})

function orderMany({ services, caller }: GraphqlContext, ids: string[], order: StreamOrder) {
  requireShortList(ids, 'ids')
  return services.streams.orderMany(caller, ids, order)
}

builder.mutationFields((t) => {
  const one = (order: StreamOrder, description: string) =>
    t.field({
      type: Stream,
      description,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { services, caller }) =>
        services.streams.order(caller, requireId(id, 'Stream', 'id'), order),
    })
  const many = (order: StreamOrder) =>
    t.field({
      type: [StreamResult],
      description: 'At most 100 ids, an answer each, in their order; one failure does not stop the others.',
      args: { ids: t.arg.idList({ required: true }) },
      resolve: (_, { ids }, context) => orderMany(context, ids, order),
    })
  return {
    createStream: t.field({
      type: Stream,
      args: {
        input: t.arg({ type: CreateStreamInput, required: true }),
        idempotencyKey: t.arg.string({
          description:
            'For 24 h the same key with the same input answers with the same stream; with another it is CONFLICT.',
        }),
      },
      resolve: (_, { input, idempotencyKey }, { services, caller }) =>
        services.streams.create(
          caller,
          { ...input, source: sourceOf(input.source), maxConsumers: input.maxConsumers ?? null },
          idempotencyKey ?? null,
        ),
    }),
    updateStream: t.field({
      type: Stream,
      description: 'Absent keeps, null resets.',
      args: { id: t.arg.id({ required: true }), input: t.arg({ type: UpdateStreamInput, required: true }) },
      resolve: (_, { id, input }, { services, caller }) =>
        services.streams.update(caller, requireId(id, 'Stream', 'id'), updateOf(input)),
    }),
    deleteStream: t.field({
      type: Stream,
      description: 'Stops it and takes it from the lists; its history stays.',
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, { services, caller }) => services.streams.delete(caller, requireId(id, 'Stream', 'id')),
    }),
    startStream: one('START', 'Sets what is wanted and answers at once. Watch the stream to see it happen.'),
    stopStream: one('STOP', 'Sets what is wanted and answers at once.'),
    restartStream: one('RESTART', 'Ends what runs and starts it anew; producers that were closed by order come back.'),
    startStreams: many('START'),
    stopStreams: many('STOP'),
    restartStreams: many('RESTART'),
  }
})
