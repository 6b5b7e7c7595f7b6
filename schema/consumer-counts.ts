import type { SessionCounts } from '../src/consumers/reads.ts'
import { builder } from './builder.ts'
import { Stream } from './stream.ts'

/** `total` is not kept of the past. */
export const ConsumerCounts = builder
  .objectRef<Omit<SessionCounts, 'total'> & { total: number | null }>('ConsumerCounts')
  .implement({
    description: 'Who watches a stream: sessions by WebRTC and HLS.',
    fields: (t) => ({
      total: t.exposeInt('total', {
        description: 'Sessions that are open. Null of the past, of which it is not kept.',
      }),
      active: t.exposeInt('active', {
        nullable: false,
        description: 'Those that are connected, paused ones with them.',
      }),
    }),
  })

builder.drizzleObjectField(Stream, 'consumerCounts', (t) =>
  t.field({
    type: ConsumerCounts,
    extensions: { live: true },
    resolve: ({ id }, _, { loaders }) => loaders.sessionsOfStream.load(id),
  }),
)
