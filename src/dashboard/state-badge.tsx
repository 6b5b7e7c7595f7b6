import { staleSince } from './clock.ts'
import type { StreamState } from './operations.ts'

export const stateName: Record<StreamState, string> = {
  LIVE: 'Live',
  STARTING: 'Starting',
  RECOVERING: 'Recovering',
  STOPPING: 'Stopping',
  STOPPED: 'Stopped',
  ERROR: 'Error',
}

/** The state in words and colour; of a lost connection, what it was. */
export function StateBadge({ state }: { state: StreamState }) {
  return (
    <span class="badge" data-state={state}>
      {staleSince.value === null ? stateName[state] : `Was ${stateName[state].toLowerCase()}`}
    </span>
  )
}
