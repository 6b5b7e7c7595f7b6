import type { ProcessExit as Exit } from '../src/streams/model.ts'
import { processStatus } from '../src/streams/process-status.ts'
import type { StreamFigures, StreamRow } from '../src/streams/types.ts'
import { builder } from './builder.ts'
import { FailureCause, ProcessStatus } from './enums.ts'

/** What a stream's FFmpeg is, by its row and by what its node measures; figures are null where no node runs it. */
export interface ProcessSource {
  stream: StreamRow
  figures: StreamFigures | null
}

export const ProcessExit = builder.objectRef<Exit>('ProcessExit').implement({
  description: 'How a process ended.',
  fields: (t) => ({
    code: t.exposeInt('code', { description: 'The exit code; null when a signal ended it.' }),
    signal: t.exposeString('signal'),
    cause: t.expose('cause', { type: FailureCause, nullable: false }),
    at: t.field({ type: 'DateTime', nullable: false, resolve: (exit) => new Date(exit.at) }),
    log: t.exposeStringList('log', {
      nullable: false,
      description: 'Its last lines, oldest first, credentials removed.',
    }),
  }),
})

export const FfmpegProcess = builder.objectRef<ProcessSource>('FfmpegProcess')
builder.objectType(FfmpegProcess, {
  description: "A stream's FFmpeg. Figures are what its node measured last; null is not measured.",
  fields: (t) => ({
    pid: t.int({ resolve: ({ figures }) => figures?.process?.pid }),
    status: t.field({
      type: ProcessStatus,
      nullable: false,
      resolve: ({ stream, figures }) =>
        processStatus(figures?.process != null, stream.desiredState, stream.lastExit !== null),
    }),
    healthy: t.boolean({
      description: 'Running, with media arriving. Null while no node runs the stream.',
      resolve: ({ stream, figures }) => figures && figures.process !== null && stream.state === 'LIVE',
    }),
    cpuPercent: t.float({
      description: '100 is one core.',
      resolve: ({ figures }) => figures?.process?.cpuPercent,
    }),
    memoryBytes: t.field({ type: 'BigInt', resolve: ({ figures }) => figures?.process?.memoryBytes }),
    uptimeSeconds: t.float({
      description: 'Since it was started, when last measured.',
      resolve: ({ figures }) => {
        const process = figures?.process
        return process && Math.max(0, (process.measuredAt - process.startedAt) / 1000)
      },
    }),
    frames: t.field({
      type: 'BigInt',
      description: 'Frames put out since it was started.',
      resolve: ({ figures }) => figures?.process?.frames,
    }),
    fps: t.float({ resolve: ({ figures }) => figures?.process?.fps }),
    bitrateBps: t.field({
      type: 'BigInt',
      resolve: ({ figures }) => rounded(figures?.process?.bitrateBps),
    }),
    speed: t.float({
      description: 'Media time by wall clock time; 1 is live.',
      resolve: ({ figures }) => figures?.process?.speed,
    }),
    droppedFrames: t.field({ type: 'BigInt', resolve: ({ figures }) => figures?.process?.droppedFrames }),
    restarts: t.int({
      description: 'Since the stream was last started by order.',
      resolve: ({ stream }) => stream.restarts,
    }),
    lastExit: t.field({ type: ProcessExit, resolve: ({ stream }) => stream.lastExit }),
    measuredAt: t.field({
      type: 'DateTime',
      resolve: ({ figures }) => figures?.process && new Date(figures.process.measuredAt),
    }),
  }),
})

/** A figure that BigInt can carry. */
export function rounded(value: number | null | undefined): number | null {
  return value == null ? null : Math.round(value)
}
