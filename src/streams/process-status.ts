import type { DesiredState, ProcessExit } from './model.ts'

export const processStatuses = ['RUNNING', 'STOPPED', 'CRASHED'] as const
export type ProcessStatus = (typeof processStatuses)[number]

/** CRASHED: there is none although there should be, after one that ended by itself. */
export function processStatus(
  isRunning: boolean,
  stream: { desiredState: DesiredState; lastExit: ProcessExit | null },
): ProcessStatus {
  if (isRunning) return 'RUNNING'
  return stream.desiredState === 'RUNNING' && stream.lastExit ? 'CRASHED' : 'STOPPED'
}
