import type { Caller } from '../src/caller.ts'
import type { Standing } from '../src/limits/standing.ts'
import { builder } from './builder.ts'
import { Scope } from './enums.ts'
import { Project } from './project.ts'

const RateLimit = builder.objectRef<Standing>('RateLimit').implement({
  description:
    'How the caller stands: what it may ask for in a minute, in points. Most operations take one; large ones, and several mutations, more.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { nullable: false, description: 'Points a minute.' }),
    remaining: t.exposeInt('remaining', {
      nullable: false,
      description: 'What could be taken at once, after this operation.',
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When all points are back; they come back evenly.',
      resolve: ({ resetSeconds }, _, { now }) => new Date(now() + resetSeconds * 1000),
    }),
  }),
})

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
    rateLimit: t.field({ type: RateLimit, resolve: (_caller, _args, { entry }) => entry?.standing ?? null }),
  }),
})

builder.queryField('viewer', (t) => t.field({ type: Viewer, resolve: (_, __, { caller }) => caller }))
