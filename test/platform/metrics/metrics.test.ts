import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCount } from '../../../src/platform/logs/error-counts.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { createMetrics } from '../../../src/platform/metrics/metrics.ts'
import type {
  ComponentSample,
  ConsumersSample,
  ProcessSample,
  ProducerSample,
  ReservationSample,
  StreamSample,
} from '../../../src/platform/metrics/source.ts'

let streams: StreamSample[]
let producers: ProducerSample[]
let consumers: ConsumersSample
let processes: ProcessSample[]
let components: ComponentSample[]
let errors: ErrorCount[]
let reservations: ReservationSample[]
const source = {
  streams: async () => streams,
  producers: async () => producers,
  consumers: async () => [consumers],
  reservations: async () => reservations,
  refusals: async () => [{ scope: 'CONSUMERS_OF_SOURCE' as const, count: 4 }],
  processes: async () => processes,
  components: async () => components,
  errors: async () => errors,
}

const running = { status: 'RUNNING', restarts: 3, audioAvailable: true } as const
const sick = { status: 'CRITICAL', issues: ['NO_MEDIA', 'NO_MEDIA', 'CPU_HIGH'] } as const
const crashed = { status: 'CRASHED', restarts: 7, audioAvailable: null } as const

beforeEach(() => {
  streams = [
    { id: 'stream_a', name: 'Front "door"\nleft', state: 'LIVE', uptimeSeconds: 12.5, process: running, health: null },
    {
      id: 'stream_b',
      name: 'Yard',
      state: 'ERROR',
      uptimeSeconds: null,
      process: crashed,
      health: { ...sick, issues: [...sick.issues] },
    },
    {
      id: 'stream_c',
      name: 'Hall',
      state: 'LIVE',
      uptimeSeconds: 3,
      process: null,
      health: { status: 'HEALTHY', issues: [] },
    },
  ]
  producers = [
    { id: 'producer_a', streamId: 'stream_a', state: 'ACTIVE', uptimeSeconds: 12 },
    { id: 'producer_b', streamId: 'stream_b', state: 'CLOSED', uptimeSeconds: null },
  ]
  consumers = {
    closed: 7,
    counts: [
      { streamId: 'stream_a', state: 'CONNECTED', count: 3 },
      { streamId: 'stream_a', state: 'PAUSED', count: 1 },
      { streamId: 'stream_b', state: 'STALE', count: 2 },
      { streamId: 'stream_c', state: null, count: 0 },
    ],
    longest: [
      { id: 'consumer_a', streamId: 'stream_a', clientId: 'kiosk "1"', seconds: 7200.5 },
      { id: 'consumer_b', streamId: 'stream_b', clientId: 'tablet', seconds: 60 },
    ],
  }
  processes = [
    { streamId: 'stream_a', cpuPercent: 150, memoryBytes: 3 * 1024 * 1024, healthy: true },
    { streamId: 'stream_c', cpuPercent: null, memoryBytes: null, healthy: null },
  ]
  components = [
    { component: 'DATABASE', name: 'database', status: 'HEALTHY', checkSeconds: 0.004 },
    { component: 'EXTERNAL', name: 'radio', status: 'CRITICAL', checkSeconds: null },
  ]
  reservations = [
    { source: 'agency', held: 2, active: 1 },
    { source: 'other', held: 0, active: 3 },
    { source: 'other', held: 1, active: 0 },
  ]
  errors = [
    { severity: 'warning', streamId: null, count: 0 },
    { severity: 'error', streamId: 'stream_a', count: 2 },
  ]
})

/** The lines of one metric, without its help and type. */
function series(page: string, name: string): string[] {
  return page.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
}

describe('a scrape', () => {
  it('shows the health of each stream that runs here, and its issues while they are open', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    const page = await metrics.scrape()
    expect(series(page, 'vas_stream_health').filter((line) => line.endsWith(' 1'))).toEqual([
      'vas_stream_health{stream_id="stream_b",status="critical"} 1',
      'vas_stream_health{stream_id="stream_c",status="healthy"} 1',
    ])
    expect(series(page, 'vas_stream_health')).toHaveLength(8)
    expect(series(page, 'vas_stream_health_issues')).toEqual([
      'vas_stream_health_issues{stream_id="stream_b",type="no_media"} 2',
      'vas_stream_health_issues{stream_id="stream_b",type="cpu_high"} 1',
    ])
    streams = streams.filter(({ id }) => id === 'stream_c')
    const later = await metrics.scrape()
    expect(series(later, 'vas_stream_health')).toHaveLength(4)
    expect(series(later, 'vas_stream_health_issues')).toEqual([])
  })

  it('shows what the FFmpeg of each stream is, unless another node runs it', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    const page = await metrics.scrape()
    expect(series(page, 'vas_ffmpeg_status')).toEqual([
      'vas_ffmpeg_status{stream_id="stream_a",status="running"} 1',
      'vas_ffmpeg_status{stream_id="stream_a",status="stopped"} 0',
      'vas_ffmpeg_status{stream_id="stream_a",status="crashed"} 0',
      'vas_ffmpeg_status{stream_id="stream_b",status="running"} 0',
      'vas_ffmpeg_status{stream_id="stream_b",status="stopped"} 0',
      'vas_ffmpeg_status{stream_id="stream_b",status="crashed"} 1',
    ])
    expect(series(page, 'vas_ffmpeg_restarts_total')).toEqual([
      'vas_ffmpeg_restarts_total{stream_id="stream_a"} 3',
      'vas_ffmpeg_restarts_total{stream_id="stream_b"} 7',
    ])
    expect(series(page, 'vas_audio_stream_available')).toEqual(['vas_audio_stream_available{stream_id="stream_a"} 1'])
    streams = streams.slice(1)
    const later = await metrics.scrape()
    expect(series(later, 'vas_ffmpeg_restarts_total')).toEqual(['vas_ffmpeg_restarts_total{stream_id="stream_b"} 7'])
    expect(later).not.toContain('stream_id="stream_a",status')
  })

  it('shows the components of the node and the errors that were logged', async () => {
    const page = await createMetrics({ source, logger: silentLogger }).scrape()
    expect(series(page, 'vas_component_health')).toEqual([
      'vas_component_health{component="database",name="database",status="healthy"} 1',
      'vas_component_health{component="database",name="database",status="warning"} 0',
      'vas_component_health{component="database",name="database",status="critical"} 0',
      'vas_component_health{component="database",name="database",status="unknown"} 0',
      'vas_component_health{component="external",name="radio",status="healthy"} 0',
      'vas_component_health{component="external",name="radio",status="warning"} 0',
      'vas_component_health{component="external",name="radio",status="critical"} 1',
      'vas_component_health{component="external",name="radio",status="unknown"} 0',
    ])
    expect(series(page, 'vas_component_check_seconds')).toEqual([
      'vas_component_check_seconds{component="database",name="database"} 0.004',
    ])
    expect(series(page, 'vas_errors_total')).toEqual([
      'vas_errors_total{severity="warning",stream_id=""} 0',
      'vas_errors_total{severity="error",stream_id="stream_a"} 2',
    ])
  })

  it('shows streams by state, each state also at 0, under both names', async () => {
    const page = await createMetrics({ source, logger: silentLogger }).scrape()
    for (const name of ['vas_streams_total', 'vas_streams']) {
      expect(series(page, name)).toEqual([
        `${name}{state="stopped"} 0`,
        `${name}{state="starting"} 0`,
        `${name}{state="live"} 2`,
        `${name}{state="recovering"} 0`,
        `${name}{state="stopping"} 0`,
        `${name}{state="error"} 1`,
      ])
    }
    for (const name of ['vas_producers_total', 'vas_producers']) {
      expect(series(page, name)).toEqual([
        `${name}{state="created"} 0`,
        `${name}{state="active"} 1`,
        `${name}{state="paused"} 0`,
        `${name}{state="closed"} 1`,
      ])
    }
  })

  it('shows sessions by state under both names, those of each stream, and the longest of them', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    const page = await metrics.scrape()
    for (const name of ['vas_consumers_total', 'vas_consumers']) {
      expect(series(page, name)).toEqual([
        `${name}{state="new"} 0`,
        `${name}{state="connected"} 3`,
        `${name}{state="paused"} 1`,
        `${name}{state="stale"} 2`,
        `${name}{state="closed"} 7`,
      ])
    }
    expect(series(page, 'vas_active_consumers')).toEqual([
      'vas_active_consumers{stream_id="stream_a"} 4',
      'vas_active_consumers{stream_id="stream_b"} 0',
      'vas_active_consumers{stream_id="stream_c"} 0',
    ])
    expect(series(page, 'vas_consumer_session_duration_seconds')).toEqual([
      'vas_consumer_session_duration_seconds{consumer_id="consumer_a",stream_id="stream_a",client_id="kiosk \\"1\\""} 7200.5',
      'vas_consumer_session_duration_seconds{consumer_id="consumer_b",stream_id="stream_b",client_id="tablet"} 60',
    ])
    expect(series(page, 'vas_consumer_series_omitted')).toEqual(['vas_consumer_series_omitted 4'])
    consumers = { counts: [], closed: 0, longest: [] }
    const later = await metrics.scrape()
    expect(later).not.toContain('consumer_id=')
    expect(series(later, 'vas_consumers')).toHaveLength(5)
    expect(series(later, 'vas_consumer_series_omitted')).toEqual(['vas_consumer_series_omitted 0'])
  })

  it('counts each session that has ended, by its reason', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    const name = 'vas_consumer_ended_session_duration_seconds'
    const before = await metrics.scrape()
    expect(series(before, `${name}_count`)).toHaveLength(9)
    expect(series(before, `${name}_count`).every((line) => line.endsWith(' 0'))).toBe(true)
    metrics.observeEndedSession({ reason: 'HEARTBEAT_TIMEOUT', sessionSeconds: 61 })
    metrics.observeEndedSession({ reason: 'HEARTBEAT_TIMEOUT', sessionSeconds: 4 })
    const page = await metrics.scrape()
    expect(series(page, `${name}_sum`)).toContain(`${name}_sum{reason="heartbeat_timeout"} 65`)
    expect(series(page, `${name}_bucket`)).toContain(`${name}_bucket{le="60",reason="heartbeat_timeout"} 1`)
  })

  it('shows what is measured and nothing for what is not', async () => {
    const page = await createMetrics({ source, logger: silentLogger }).scrape()
    expect(series(page, 'vas_stream_uptime_seconds')).toEqual([
      'vas_stream_uptime_seconds{stream_id="stream_a",stream_name="Front \\"door\\"\\nleft"} 12.5',
      'vas_stream_uptime_seconds{stream_id="stream_c",stream_name="Hall"} 3',
    ])
    expect(series(page, 'vas_producer_uptime_seconds')).toEqual([
      'vas_producer_uptime_seconds{producer_id="producer_a",stream_id="stream_a"} 12',
    ])
    expect(series(page, 'vas_ffmpeg_process_cpu_percent')).toEqual([
      'vas_ffmpeg_process_cpu_percent{stream_id="stream_a"} 150',
    ])
    expect(series(page, 'vas_ffmpeg_process_cpu_ratio')).toEqual([
      'vas_ffmpeg_process_cpu_ratio{stream_id="stream_a"} 1.5',
    ])
    expect(series(page, 'vas_ffmpeg_process_memory_mb')).toEqual([
      'vas_ffmpeg_process_memory_mb{stream_id="stream_a"} 3',
    ])
    expect(series(page, 'vas_ffmpeg_process_memory_bytes')).toEqual([
      'vas_ffmpeg_process_memory_bytes{stream_id="stream_a"} 3145728',
    ])
    expect(series(page, 'vas_ffmpeg_processes_healthy')).toEqual(['vas_ffmpeg_processes_healthy 1'])
    expect(series(page, 'process_resident_memory_bytes')).toHaveLength(1)
    expect(series(page, 'nodejs_eventloop_lag_seconds')).toHaveLength(1)
  })

  it('lets go of what has ended', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    await metrics.scrape()
    streams = []
    producers = []
    consumers = { counts: [], closed: 0, longest: [] }
    processes = []
    errors = []
    const page = await metrics.scrape()
    expect(page).not.toMatch(/"(stream_a|producer_a)"/)
    expect(series(page, 'vas_streams').every((line) => line.endsWith(' 0'))).toBe(true)
    expect(series(page, 'vas_ffmpeg_processes_healthy')).toEqual(['vas_ffmpeg_processes_healthy 0'])
  })

  it('shows reservations by source and state, and how often a limit refused one', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    const page = await metrics.scrape()
    expect(series(page, 'vas_reservations')).toEqual([
      'vas_reservations{source="agency",state="held"} 2',
      'vas_reservations{source="agency",state="active"} 1',
      'vas_reservations{source="other",state="held"} 1',
      'vas_reservations{source="other",state="active"} 3',
    ])
    expect(series(page, 'vas_reservation_refusals_total')).toEqual([
      'vas_reservation_refusals_total{reason="consumers_of_source"} 4',
    ])
    reservations = []
    expect(series(await metrics.scrape(), 'vas_reservations')).toEqual([])
  })

  it('leaves out a part that can not be read, keeps the others, and says so', async () => {
    let broken = false
    const warnings: string[] = []
    const metrics = createMetrics({
      source: { ...source, streams: async () => (broken ? Promise.reject(new Error('database away')) : streams) },
      logger: { ...silentLogger, warn: (_, message) => warnings.push(message) },
    })
    await metrics.scrape()
    broken = true
    const page = await metrics.scrape()
    expect(series(page, 'vas_streams')).toEqual([])
    expect(series(page, 'vas_stream_uptime_seconds')).toEqual([])
    expect(series(page, 'vas_producers')).toHaveLength(4)
    expect(series(page, 'vas_metrics_part_ok')).toEqual(
      expect.arrayContaining(['vas_metrics_part_ok{part="streams"} 0', 'vas_metrics_part_ok{part="producers"} 1']),
    )
    expect(warnings).toHaveLength(1)
    broken = false
    expect(series(await metrics.scrape(), 'vas_streams')).toHaveLength(6)
  })

  it('shows no count of healthy processes where they could not be read', async () => {
    const metrics = createMetrics({
      source: { ...source, processes: () => Promise.reject(new Error('no')) },
      logger: silentLogger,
    })
    expect(series(await metrics.scrape(), 'vas_ffmpeg_processes_healthy')).toEqual([])
  })

  it('waits no longer than its deadline, and never reads the same part twice at once', async () => {
    let reads = 0
    let answer: (samples: StreamSample[]) => void = () => {}
    const metrics = createMetrics({
      source: {
        ...source,
        streams: () => {
          reads += 1
          return new Promise((resolve) => {
            answer = resolve
          })
        },
      },
      logger: silentLogger,
      deadlineMs: 10,
    })
    const [one, two] = await Promise.all([metrics.scrape(), metrics.scrape()])
    expect(one).toBe(two)
    expect(series(one, 'vas_streams')).toEqual([])
    expect(series(one, 'vas_producers')).toHaveLength(4)
    const late = metrics.scrape()
    answer(streams)
    expect(series(await late, 'vas_streams')).toHaveLength(6)
    expect(reads).toBe(1)
  })

  it('counts the API by endpoint, method and status', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    metrics.observeRequest({ endpoint: 'createStream', method: 'POST', statusCode: 200, seconds: 0.4 })
    metrics.observeRequest({ endpoint: 'createStream', method: 'POST', statusCode: 200, seconds: 0.9 })
    metrics.observeRequest({ endpoint: 'other', method: 'BREW', statusCode: 400, seconds: 0 })
    const page = await metrics.scrape()
    expect(series(page, 'vas_api_requests_total')).toEqual([
      'vas_api_requests_total{endpoint="createStream",method="post",status_code="200"} 2',
      'vas_api_requests_total{endpoint="other",method="other",status_code="400"} 1',
    ])
    const labels = 'endpoint="createStream",method="post",status_code="200"'
    expect(page).toContain(`vas_api_request_duration_seconds_bucket{le="0.5",${labels}} 1`)
    expect(page).toContain(`vas_api_request_duration_seconds_bucket{le="1",${labels}} 2`)
    expect(page).toContain(`vas_api_request_duration_seconds_count{${labels}} 2`)
  })
})

describe('promtool check metrics', () => {
  it('complains of the names of the contract alone', async () => {
    const metrics = createMetrics({ source, logger: silentLogger })
    metrics.observeRequest({ endpoint: 'streams', method: 'POST', statusCode: 200, seconds: 0.1 })
    expect(await promtool(await metrics.scrape())).toEqual([
      'vas_consumers_total non-counter metrics should not have "_total" suffix',
      'vas_ffmpeg_process_memory_mb metric names should not contain abbreviated units',
      'vas_producers_total non-counter metrics should not have "_total" suffix',
      'vas_streams_total non-counter metrics should not have "_total" suffix',
    ])
  })

  it('refuses what is no page of metrics', async () => {
    expect(await promtool('vas_streams{state="live} 1\n')).not.toEqual([])
  })
})

async function promtool(page: string): Promise<string[]> {
  const child = spawn('promtool', ['check', 'metrics'])
  child.stdin.end(page)
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return `${out}${errors}`.split('\n').filter(Boolean).sort()
}
