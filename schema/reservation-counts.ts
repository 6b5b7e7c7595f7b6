import { requireId } from '../src/ids.ts'
import { limitOfSource } from '../src/places/model.ts'
import type { Quotas } from '../src/reservations/model.ts'
import type { ReservationCounts as Counts } from '../src/reservations/types.ts'
import { builder } from './builder.ts'
import { Stream } from './stream.ts'

const SourceQuota = builder.objectRef<Counts['bySource'][number]>('SourceQuota').implement({
  fields: (t) => ({
    source: t.exposeString('source', { nullable: false }),
    total: t.exposeInt('total', { nullable: false }),
    active: t.exposeInt('active', { nullable: false }),
    limit: t.int({
      description:
        'Places that it may have at a time, in the whole project, sessions without a reservation among them. Null is no limit.',
      resolve: async ({ source }, _, { loaders, caller }) => {
        const project = (await loaders.nodes.load(caller.projectId!)) as { quotas?: Quotas } | null
        return limitOfSource(project?.quotas ?? {}, source)
      },
    }),
  }),
})

export const ReservationCounts = builder.objectRef<Counts>('ReservationCounts').implement({
  description: 'Reservations that are held or in use.',
  fields: (t) => ({
    total: t.exposeInt('total', { nullable: false }),
    active: t.exposeInt('active', { nullable: false, description: 'Those that are in use.' }),
    bySource: t.field({
      type: [SourceQuota],
      nullable: { list: false, items: false },
      description: 'The 100 sources with the most, the largest first.',
      resolve: ({ bySource }) => bySource,
    }),
  }),
})

builder.queryField('reservationCounts', (t) =>
  t.field({
    type: ReservationCounts,
    description: 'Of a stream, or of the whole project. Null where there is no such stream.',
    args: { streamId: t.arg.id() },
    resolve: async (_, { streamId }, { services, loaders, caller }) => {
      if (streamId == null) return services.reservations.counts(caller)
      const stream = await loaders.nodes.load(requireId(streamId, 'Stream', 'streamId'))
      return stream && loaders.reservationsOfStream.load(stream.id)
    },
  }),
)

builder.drizzleObjectField(Stream, 'reservationCounts', (t) =>
  t.field({ type: ReservationCounts, resolve: ({ id }, _, { loaders }) => loaders.reservationsOfStream.load(id) }),
)
