import { Gauge, type Registry } from 'prom-client'
import { producerStates } from '../../producers/model.ts'
import { streamStates } from '../../streams/model.ts'
import type { ProcessSample, ProducerSample, StreamSample } from './source.ts'

/** A part of the source and its gauges. `clear` leaves no series at all: unknown is not zero. */
export interface Part<T> {
  clear(): void
  fill(samples: readonly T[]): void
}

const bytesPerMegabyte = 1024 * 1024

export function streamGauges(registry: Registry): Part<StreamSample> {
  const make = maker(registry)
  const byState = [
    make('vas_streams_total', 'Streams in each state (the name of the contract; vas_streams is the same).', 'state'),
    make('vas_streams', 'Streams in each state.', 'state'),
  ]
  const uptime = make('vas_stream_uptime_seconds', 'Seconds since a live stream went live.', 'stream_id', 'stream_name')
  return {
    clear: () => reset(...byState, uptime),
    fill(streams) {
      countStates(byState, streamStates, streams)
      for (const { id, name, uptimeSeconds } of streams) {
        if (uptimeSeconds !== null) uptime.set({ stream_id: id, stream_name: name }, uptimeSeconds)
      }
    },
  }
}

export function producerGauges(registry: Registry): Part<ProducerSample> {
  const make = maker(registry)
  const byState = [
    make(
      'vas_producers_total',
      'Producers in each state (the name of the contract; vas_producers is the same).',
      'state',
    ),
    make('vas_producers', 'Producers in each state.', 'state'),
  ]
  const uptime = make(
    'vas_producer_uptime_seconds',
    'Seconds since an open producer was made.',
    'producer_id',
    'stream_id',
  )
  return {
    clear: () => reset(...byState, uptime),
    fill(producers) {
      countStates(byState, producerStates, producers)
      for (const { id, streamId, uptimeSeconds } of producers) {
        if (uptimeSeconds !== null) uptime.set({ producer_id: id, stream_id: streamId }, uptimeSeconds)
      }
    },
  }
}

export function processGauges(registry: Registry): Part<ProcessSample> {
  const make = maker(registry)
  const cpuPercent = make('vas_ffmpeg_process_cpu_percent', "CPU of a stream's FFmpeg, 100 is one core.", 'stream_id')
  const cpuRatio = make('vas_ffmpeg_process_cpu_ratio', "CPU of a stream's FFmpeg, 1 is one core.", 'stream_id')
  const memoryMb = make(
    'vas_ffmpeg_process_memory_mb',
    "Resident memory of a stream's FFmpeg in megabytes of 1024 times 1024 bytes.",
    'stream_id',
  )
  const memoryBytes = make('vas_ffmpeg_process_memory_bytes', "Resident memory of a stream's FFmpeg.", 'stream_id')
  const healthy = make('vas_ffmpeg_processes_healthy', 'FFmpegs that run and whose media moves.')
  const clear = () => {
    reset(cpuPercent, cpuRatio, memoryMb, memoryBytes)
    healthy.remove()
  }
  clear()
  return {
    clear,
    fill(processes) {
      for (const { streamId, cpuPercent: percent, memoryBytes: bytes } of processes) {
        const labels = { stream_id: streamId }
        if (percent !== null) {
          cpuPercent.set(labels, percent)
          cpuRatio.set(labels, percent / 100)
        }
        if (bytes !== null) {
          memoryMb.set(labels, bytes / bytesPerMegabyte)
          memoryBytes.set(labels, bytes)
        }
      }
      healthy.set(processes.filter((process) => process.healthy === true).length)
    },
  }
}

function maker(registry: Registry) {
  return <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers: [registry] })
}

function reset(...gauges: { reset(): void }[]): void {
  for (const gauge of gauges) gauge.reset()
}

/** Each state has its series, also at 0: an alert on an absent one would never fire. */
function countStates(gauges: Gauge<'state'>[], states: readonly string[], things: readonly { state: string }[]): void {
  const counts = new Map(states.map((state) => [state, 0]))
  for (const { state } of things) counts.set(state, (counts.get(state) ?? 0) + 1)
  for (const [state, count] of counts) {
    for (const gauge of gauges) gauge.set({ state: state.toLowerCase() }, count)
  }
}
