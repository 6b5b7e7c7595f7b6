import type { FailureCause } from '../../streams/model.ts'

/** How FFmpeg or ffprobe ended. `stopping`: we asked for it. */
export interface EndOfProcess {
  code: number | null
  signal: string | null
  stopping?: boolean
}

/** Patterns of what FFmpeg writes, the most telling first: one failure often writes several lines. */
const patterns: [RegExp, FailureCause][] = [
  [
    /\b401 Unauthorized|\b403 Forbidden|authorization failed|access denied|Error:ERROR_UNAUTHORIZED|incorrect passphrase/i,
    'AUTH',
  ],
]

/** Why a process ended, told by its log. Pure. */
export function failureCause(log: readonly string[], end: EndOfProcess): FailureCause {
  for (const [pattern, cause] of patterns) if (log.some((line) => pattern.test(line))) return cause
  if (end.stopping) return 'ENDED'
  if (end.signal) return 'KILLED'
  return end.code === 0 ? 'ENDED' : 'UNKNOWN'
}
