import type { StreamObservation } from '../health/model.ts'
import { type HealthIssue, type HealthStatus, type HealthView, healthDiffers, severities } from '../health/model.ts'
import { addMeans, type Mean, meanOf, most, worse } from './figures.ts'
import { fromColumns, type SampleKind, toColumns } from './kind.ts'
import type { StreamSample } from './model.ts'

/** An issue without its evidence, which is of one moment. */
export type PastIssue = Omit<HealthIssue, 'evidence'>

/** Samples of one stream as one. Means where a figure is a rate, the most where it is an amount. */
export interface StreamRollup {
  samples: number
  live: number
  status: HealthStatus
  fps: Mean
  bitrateBps: Mean
  cpuPercent: Mean
  memoryBytes: number | null
  consumers: number
  restarts: number
  /** One of a type and track, at its most severe, by type and track. */
  issues: PastIssue[]
}

/** What an observation leaves to posterity; `before` is the sample before it, of the same run. */
export function streamSampleOf(
  { at, state, process, viewers, restarts }: StreamObservation,
  view: HealthView,
  before: { restarts: number; sample: StreamSample } | null,
): StreamSample {
  // Evidence changes every second: it is written anew when the issues do.
  const same = before && !healthDiffers({ status: view.status, issues: before.sample.issues }, view)
  return {
    at,
    live: state === 'LIVE',
    status: view.status,
    fps: rounded(process?.fps ?? null, 100),
    bitrateBps: rounded(process?.bitrateBps ?? null, 1),
    cpuPercent: rounded(process?.cpuPercent ?? null, 10),
    memoryBytes: process?.memoryBytes ?? null,
    consumers: viewers,
    // A new order counts from 0.
    restarts: before ? (restarts >= before.restarts ? restarts - before.restarts : restarts) : 0,
    issues: same ? before.sample.issues : view.issues,
  }
}

function rounded(value: number | null, parts: number): number | null {
  return value === null ? null : Math.round(value * parts) / parts
}

const keys = [
  'live',
  'status',
  'fps',
  'bitrateBps',
  'cpuPercent',
  'memoryBytes',
  'consumers',
  'restarts',
  'issues',
] as const satisfies (keyof StreamSample)[]

export const streamSamples: SampleKind<StreamSample, StreamRollup> = {
  rollupOf: (sample) => ({
    samples: 1,
    live: sample.live ? 1 : 0,
    status: sample.status,
    fps: meanOf(sample.fps),
    bitrateBps: meanOf(sample.bitrateBps),
    cpuPercent: meanOf(sample.cpuPercent),
    memoryBytes: sample.memoryBytes,
    consumers: sample.consumers,
    restarts: sample.restarts,
    issues: mergeIssues(
      [],
      sample.issues.map(({ evidence: _, ...issue }) => issue),
    ),
  }),
  merge: (a, b) => ({
    samples: a.samples + b.samples,
    live: a.live + b.live,
    status: worse(a.status, b.status),
    fps: addMeans(a.fps, b.fps),
    bitrateBps: addMeans(a.bitrateBps, b.bitrateBps),
    cpuPercent: addMeans(a.cpuPercent, b.cpuPercent),
    memoryBytes: most(a.memoryBytes, b.memoryBytes),
    consumers: Math.max(a.consumers, b.consumers),
    restarts: a.restarts + b.restarts,
    issues: mergeIssues(a.issues, b.issues),
  }),
  writeSamples: (samples, start) => toColumns(samples, start, keys),
  readSamples: (written, start) => fromColumns(written, start, keys) as unknown as StreamSample[],
  writeRollup: ({ fps, bitrateBps: bitrate, cpuPercent: cpu, ...rest }) => {
    const means = [fps.count, sum(fps), bitrate.count, sum(bitrate), cpu.count, sum(cpu)]
    return [
      rest.samples,
      rest.live,
      rest.status,
      ...means,
      rest.memoryBytes,
      rest.consumers,
      rest.restarts,
      rest.issues,
    ]
  },
  readRollup(written) {
    const [samples, live, status, ...more] = written as [number, number, HealthStatus, ...unknown[]]
    const [fpsCount, fps, bitrateCount, bitrate, cpuCount, cpu] = more as number[]
    const [memoryBytes, consumers, restarts, issues] = more.slice(6) as [number | null, number, number, PastIssue[]]
    return {
      samples,
      live,
      status,
      fps: { count: fpsCount!, sum: fps! },
      bitrateBps: { count: bitrateCount!, sum: bitrate! },
      cpuPercent: { count: cpuCount!, sum: cpu! },
      memoryBytes,
      consumers,
      restarts,
      issues,
    }
  },
}

/** Sums of tenths grow digits that nobody measured. */
const sum = (mean: Mean) => Math.round(mean.sum * 100) / 100

/** At most one of a type and track: 30 or so. */
function mergeIssues(a: readonly PastIssue[], b: readonly PastIssue[]): PastIssue[] {
  if (b.length === 0) return a as PastIssue[]
  const found = new Map<string, PastIssue>()
  for (const issue of [...a, ...b]) {
    const key = `${issue.type} ${issue.track ?? ''}`
    const other = found.get(key)
    found.set(key, other ? { ...graver(other, issue), since: Math.min(other.since, issue.since) } : issue)
  }
  return [...found].sort(([one], [two]) => (one < two ? -1 : 1)).map(([, issue]) => issue)
}

/** A total order, so that it does not matter who comes first. */
function graver(a: PastIssue, b: PastIssue): PastIssue {
  const difference = severities.indexOf(a.severity) - severities.indexOf(b.severity)
  return difference > 0 || (difference === 0 && a.reason <= b.reason) ? a : b
}
