import type { Caller } from '../src/caller.ts'
import { builder } from './builder.ts'
import { Scope } from './enums.ts'
import { Project } from './project.ts'

const Viewer = builder.objectRef<Caller>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    project: t.field({
      type: Project,
      resolve: ({ projectId }, _, { loaders }) =>
        projectId === null ? null : (loaders.nodes.load(projectId) as Promise<never>),
    }),
    scopes: t.field({
      type: [Scope],
      nullable: false,
      description: "What the caller's key carries; empty without a key.",
      resolve: (caller) => [...caller.scopes],
    }),
  }),
})

builder.queryField('viewer', (t) => t.field({ type: Viewer, resolve: (_, __, { caller }) => caller }))
