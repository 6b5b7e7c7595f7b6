import { components } from '../health/system/model.ts'
import { addMeans, type Mean, meanOf, most, worse } from './figures.ts'
import { fromColumns, type SampleKind, toColumns } from './kind.ts'
import type { SystemSample } from './model.ts'

/** Samples of one node as one. Means of percentages, the most of amounts, the worst of each component. */
export interface SystemRollup {
  /** Of the newest sample in it. */
  lastAt: number
  cpuPercent: Mean
  memoryPercent: Mean
  diskPercent: Mean
  activeStreams: number | null
  activeConsumers: number | null
  temporaryFolderBytes: number | null
  eventLoopLagMs: number | null
  components: SystemSample['components']
  durationMs: number
  /** As they were last. */
  streamsByState: SystemSample['streamsByState']
}

const keys = [
  'nodeId',
  'cpuPercent',
  'memoryPercent',
  'diskPercent',
  'activeStreams',
  'activeConsumers',
  'temporaryFolderBytes',
  'eventLoopLagMs',
  'components',
  'durationMs',
  'streamsByState',
] as const satisfies (keyof SystemSample)[]

export const systemSamples: SampleKind<SystemSample, SystemRollup> = {
  rollupOf: ({ at, nodeId: _, cpuPercent, memoryPercent, diskPercent, ...rest }) => ({
    ...rest,
    lastAt: at,
    cpuPercent: meanOf(cpuPercent),
    memoryPercent: meanOf(memoryPercent),
    diskPercent: meanOf(diskPercent),
  }),
  merge: (a, b) => ({
    lastAt: Math.max(a.lastAt, b.lastAt),
    cpuPercent: addMeans(a.cpuPercent, b.cpuPercent),
    memoryPercent: addMeans(a.memoryPercent, b.memoryPercent),
    diskPercent: addMeans(a.diskPercent, b.diskPercent),
    activeStreams: most(a.activeStreams, b.activeStreams),
    activeConsumers: most(a.activeConsumers, b.activeConsumers),
    temporaryFolderBytes: most(a.temporaryFolderBytes, b.temporaryFolderBytes),
    eventLoopLagMs: most(a.eventLoopLagMs, b.eventLoopLagMs),
    components: worstComponents([a.components, b.components]),
    durationMs: Math.max(a.durationMs, b.durationMs),
    streamsByState: (a.lastAt >= b.lastAt ? a : b).streamsByState,
  }),
  writeSamples: (samples, start) => toColumns(samples, start, keys),
  readSamples: (written, start) => fromColumns(written, start, keys) as unknown as SystemSample[],
  writeRollup: ({ lastAt, cpuPercent, memoryPercent, diskPercent, ...rest }) => {
    const means = [cpuPercent, memoryPercent, diskPercent].flatMap(({ count, sum }) => [
      count,
      Math.round(sum * 100) / 100,
    ])
    return [lastAt, ...means, rest]
  },
  readRollup(written) {
    const [lastAt, cpuCount, cpu, memoryCount, memory, diskCount, disk] = written as number[]
    return {
      ...(written[7] as Omit<SystemRollup, 'lastAt' | 'cpuPercent' | 'memoryPercent' | 'diskPercent'>),
      lastAt: lastAt!,
      cpuPercent: { count: cpuCount!, sum: cpu! },
      memoryPercent: { count: memoryCount!, sum: memory! },
      diskPercent: { count: diskCount!, sum: disk! },
    }
  },
}

/** By component the worst. */
export function worstComponents(all: readonly SystemSample['components'][]): SystemSample['components'] {
  const worst: SystemSample['components'] = {}
  for (const found of all)
    for (const component of components) {
      const status = found[component]
      if (status) worst[component] = worse(worst[component] ?? 'UNKNOWN', status)
    }
  return worst
}
