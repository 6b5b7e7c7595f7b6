import { type StreamState as State, streamStates } from '../src/streams/model.ts'
import { builder } from './builder.ts'
import { StreamState } from './enums.ts'

export const StreamStateCount = builder.objectRef<{ state: State; count: number }>('StreamStateCount').implement({
  fields: (t) => ({
    state: t.expose('state', { type: StreamState, nullable: false }),
    count: t.exposeInt('count', { nullable: false }),
  }),
})

/** Of the project's streams that are not deleted. */
export const StreamCounts = builder.objectRef<Record<State, number>>('StreamCounts').implement({
  fields: (t) => ({
    total: t.int({
      nullable: false,
      resolve: (byState) => streamStates.reduce((sum, state) => sum + byState[state], 0),
    }),
    byState: t.field({
      type: [StreamStateCount],
      nullable: { list: false, items: false },
      description: 'Each state, also at 0.',
      resolve: (byState) => streamStates.map((state) => ({ state, count: byState[state] })),
    }),
  }),
})
