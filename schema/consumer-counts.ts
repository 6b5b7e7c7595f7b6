import type { StreamFigures } from '../src/streams/types.ts'
import { builder } from './builder.ts'
import { Stream } from './stream.ts'

export const ConsumerCounts = builder.objectRef<Pick<StreamFigures, 'viewers'>>('ConsumerCounts').implement({
  description: 'Who watches a stream.',
  fields: (t) => ({
    active: t.int({
      nullable: false,
      description: 'Players that are connected now (by WHEP; those of HLS are not known one by one).',
      resolve: ({ viewers }) => viewers,
    }),
  }),
})

builder.drizzleObjectField(Stream, 'consumerCounts', (t) =>
  t.field({
    type: ConsumerCounts,
    extensions: { live: true },
    description: 'Null while no node runs the stream.',
    resolve: ({ id }, _, { loaders }) => loaders.figures.load(id),
  }),
)
