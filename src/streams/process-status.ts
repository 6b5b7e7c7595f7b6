import type { DesiredState } from './model.ts'

export const processStatuses = ['RUNNING', 'STOPPED', 'CRASHED'] as const
export type ProcessStatus = (typeof processStatuses)[number]

/** CRASHED: there is none although there should be, after one that ended by itself. */
export function processStatus(isRunning: boolean, desired: DesiredState, hasExited: boolean): ProcessStatus {
  if (isRunning) return 'RUNNING'
  return desired === 'RUNNING' && hasExited ? 'CRASHED' : 'STOPPED'
}
