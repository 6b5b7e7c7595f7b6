import { components, type ComponentHealth as Found, type SystemHealth as Health } from '../src/health/system/model.ts'
import { databaseAway } from '../src/platform/database/away.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { HealthStatus } from './enums.ts'
import { MediaNode } from './media-node.ts'
import { StreamCounts } from './stream-counts.ts'
import { readmitMs, renewLoaders } from './stream-watch.ts'
import { abortable, Wakeups } from './wakeups.ts'

export const Component = builder.enumType('Component', {
  description: 'What a node is made of and stands on. EXTERNAL: what EXTERNAL_CHECKS names.',
  values: components,
})

const ComponentHealth = builder.objectRef<Found>('ComponentHealth').implement({
  description: 'One component of one node, as it was when last checked.',
  fields: (t) => ({
    mediaNode: t.field({
      type: MediaNode,
      resolve: ({ nodeId }, _, { loaders }) => loaders.nodes.load(nodeId) as Promise<never>,
    }),
    component: t.expose('component', { type: Component, nullable: false }),
    name: t.exposeString('name', { nullable: false }),
    status: t.expose('status', { type: HealthStatus, nullable: false }),
    message: t.exposeString('message', { nullable: false }),
    details: t.expose('details', { type: 'JSON', description: 'Figures and texts of errors. Needs the READ scope.' }),
    responseTimeMs: t.exposeFloat('responseTimeMs', { description: 'Null where no answer came in time.' }),
    checkedAt: t.field({
      type: 'DateTime',
      nullable: false,
      resolve: ({ checkedAt }) => new Date(checkedAt),
    }),
  }),
})

const HealthSummary = builder.objectRef<Health['summary']>('HealthSummary').implement({
  description: 'Components by status.',
  fields: (t) => ({
    total: t.exposeInt('total', { nullable: false }),
    healthy: t.exposeInt('healthy', { nullable: false }),
    warning: t.exposeInt('warning', { nullable: false }),
    critical: t.exposeInt('critical', { nullable: false }),
    unknown: t.exposeInt('unknown', { nullable: false }),
  }),
})

export const SystemHealth = builder.objectRef<Health>('SystemHealth').implement({
  description: 'The health of all nodes, as it was when last checked: asking for it checks nothing. Null is not known.',
  fields: (t) => ({
    status: t.expose('status', { type: HealthStatus, nullable: false, description: 'The worst of the components.' }),
    message: t.exposeString('message', { nullable: false }),
    at: t.field({ type: 'DateTime', nullable: false, resolve: ({ at }) => new Date(at) }),
    durationMs: t.exposeFloat('durationMs', {
      nullable: false,
      description: 'How long the slowest check took: they run beside one another.',
    }),
    components: t.expose('components', { type: [ComponentHealth], nullable: { list: false, items: false } }),
    summary: t.expose('summary', { type: HealthSummary }),
    streams: t.field({ type: StreamCounts, resolve: ({ streamsByState }) => streamsByState }),
    activeProcesses: t.exposeInt('activeProcesses', { description: 'FFmpegs that run.' }),
    activeProducers: t.exposeInt('activeProducers', { description: "The project's producers whose packets arrive." }),
    activeConsumers: t.exposeInt('activeConsumers', {
      description: "The project's sessions that are connected, paused ones with them.",
    }),
  }),
})

const description = 'Public in summary; the details of components need the READ scope.'

builder.queryField('systemHealth', (t) =>
  t.field({
    type: SystemHealth,
    description,
    resolve: (_, __, { systemHealth, caller }) => systemHealth.read(caller.projectId!),
  }),
)

async function* watchSystemHealth(context: GraphqlContext, signal: AbortSignal): AsyncGenerator<Health> {
  const wakeups = new Wakeups(1, signal)
  const stop = context.systemHealth.onChange(() => wakeups.add('changed'))
  let admittedAt = context.now()
  let known: string | null = null
  try {
    while (!signal.aborted) {
      if (context.now() - admittedAt >= readmitMs) {
        await readmit(context)
        admittedAt = context.now()
      }
      wakeups.take()
      renewLoaders(context)
      const health = context.systemHealth.read(context.caller.projectId!)
      const mark = JSON.stringify(health)
      if (mark !== known) {
        known = mark
        yield health
      }
      await wakeups.wait(readmitMs)
    }
  } finally {
    stop()
  }
}

/** A database that is away is what this subscription has to tell of: until it is back the key is taken for good. */
async function readmit(context: GraphqlContext): Promise<void> {
  try {
    context.caller = await context.readmit()
  } catch (error) {
    if (!databaseAway(error)) throw error
  }
}

builder.subscriptionField('systemHealth', (t) =>
  t.field({
    type: SystemHealth,
    nullable: false,
    description: `As it is now, then with every round of checks; a slow reader gets the latest alone. ${description}`,
    subscribe: (_, __, context) => abortable((signal) => watchSystemHealth(context, signal)),
    resolve: (health) => health,
  }),
)
