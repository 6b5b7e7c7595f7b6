import type { FailureCause } from '../../streams/model.ts'
import type { GateFailure } from './messages.ts'

/** What the source has no part in: the gate can not know better. */
const ours: readonly FailureCause[] = ['KILLED', 'OUT_OF_MEMORY', 'OUTPUT_LOST', 'STORAGE']

/** Why FFmpeg ended, by its log and by what the gate saw; `endedForIt`: by us, for what the gate saw. */
export function betterCause(told: FailureCause, seen: GateFailure | null, endedForIt = false): FailureCause {
  return seen === null || (ours.includes(told) && !endedForIt) ? told : seen.cause
}

/** What is added to FFmpeg's log of what the gate saw. */
export function gateNote({ note }: GateFailure): string {
  return `[error] Seen by Weir: ${note}`
}
