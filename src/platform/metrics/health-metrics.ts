import { Counter, Gauge, type Registry } from 'prom-client'
import { healthStatuses } from '../../health/model.ts'
import { processStatuses } from '../../streams/process-status.ts'
import type { ErrorCount } from '../logs/error-counts.ts'
import type { Part } from './media-metrics.ts'
import type { ComponentSample, StreamSample } from './source.ts'

/** What is told of each stream's FFmpeg: by the node that runs it, or by all where none does. */
export function ffmpegGauges(registry: Registry): Part<StreamSample> {
  const registers = [registry]
  const status = new Gauge({
    name: 'vas_ffmpeg_status',
    help: "Of a stream's FFmpeg: 1 for the status that holds (running, stopped, crashed), 0 for the others.",
    labelNames: ['stream_id', 'status'] as const,
    registers,
  })
  const restarts = new Counter({
    name: 'vas_ffmpeg_restarts_total',
    help: 'FFmpeg restarts of a stream; begins anew when the stream is started by order.',
    labelNames: ['stream_id'] as const,
    registers,
  })
  const audio = new Gauge({
    name: 'vas_audio_stream_available',
    help: "Whether audio packets arrive from a stream's source; absent where it has no audio or is not run here.",
    labelNames: ['stream_id'] as const,
    registers,
  })
  const clear = () => {
    for (const metric of [status, restarts, audio]) metric.reset()
  }
  return {
    clear,
    fill(streams) {
      for (const { id, process } of streams) {
        if (!process) continue
        for (const each of processStatuses)
          status.set({ stream_id: id, status: each.toLowerCase() }, each === process.status ? 1 : 0)
        restarts.inc({ stream_id: id }, process.restarts)
        if (process.audioAvailable !== null) audio.set({ stream_id: id }, process.audioAvailable ? 1 : 0)
      }
    },
  }
}

/** What is judged of each stream that runs here. */
export function streamHealthGauges(registry: Registry): Part<StreamSample> {
  const health = new Gauge({
    name: 'vas_stream_health',
    help: 'Of a stream that this node runs: 1 for the status that holds (healthy, warning, critical, unknown), 0 for the others.',
    labelNames: ['stream_id', 'status'] as const,
    registers: [registry],
  })
  const issues = new Gauge({
    name: 'vas_stream_health_issues',
    help: 'Open health issues of a stream that this node runs, by type in lower case; absent where there are none.',
    labelNames: ['stream_id', 'type'] as const,
    registers: [registry],
  })
  return {
    clear() {
      health.reset()
      issues.reset()
    },
    fill(streams) {
      for (const { id, health: judged } of streams) {
        if (!judged) continue
        for (const each of healthStatuses)
          health.set({ stream_id: id, status: each.toLowerCase() }, each === judged.status ? 1 : 0)
        for (const type of judged.issues) issues.inc({ stream_id: id, type: type.toLowerCase() })
      }
    },
  }
}

export function errorCounter(registry: Registry): Part<ErrorCount> {
  const errors = new Counter({
    name: 'vas_errors_total',
    help: 'Log lines by severity (warning, error, critical) since the process started, and the stream that they are about; stream_id is empty for none.',
    labelNames: ['severity', 'stream_id'] as const,
    registers: [registry],
  })
  return {
    clear: () => errors.reset(),
    fill(counts) {
      for (const { severity, streamId, count } of counts) errors.inc({ severity, stream_id: streamId ?? '' }, count)
    },
  }
}

export function componentGauges(registry: Registry): Part<ComponentSample> {
  const labelNames = ['component', 'name'] as const
  const registers = [registry]
  const health = new Gauge({
    name: 'vas_component_health',
    help: "This node's components: 1 for the status that holds (healthy, warning, critical, unknown), 0 for the others.",
    labelNames: [...labelNames, 'status'] as const,
    registers,
  })
  const seconds = new Gauge({
    name: 'vas_component_check_seconds',
    help: 'How long the last check of a component took; absent where no answer came in time.',
    labelNames,
    registers,
  })
  return {
    clear() {
      health.reset()
      seconds.reset()
    },
    fill(components) {
      for (const { component, name, status, checkSeconds } of components) {
        const labels = { component: component.toLowerCase(), name }
        for (const each of healthStatuses)
          health.set({ ...labels, status: each.toLowerCase() }, each === status ? 1 : 0)
        if (checkSeconds !== null) seconds.set(labels, checkSeconds)
      }
    },
  }
}
