import { causeTexts } from '../../streams/causes.ts'
import type { FailureCause } from '../../streams/model.ts'
import type { HealthIssueType } from '../model.ts'
import type { Seen, SeenTrack } from '../seen.ts'
import { raisedFromMs } from './freeze.ts'
import { type Rule, round, rule } from './rule.ts'

type Down = Extract<HealthIssueType, 'PROCESS_DOWN' | 'SOURCE_LOST' | 'NO_MEDIA'>

/** What each cause of a failure means for health: the source, what it brings, or the process here. */
export const downByCause: Record<FailureCause, Down> = {
  AUTH: 'SOURCE_LOST',
  NOT_FOUND: 'SOURCE_LOST',
  DNS: 'SOURCE_LOST',
  REFUSED: 'SOURCE_LOST',
  UNREACHABLE: 'SOURCE_LOST',
  TIMEOUT: 'SOURCE_LOST',
  NO_MEDIA: 'NO_MEDIA',
  DECODE: 'PROCESS_DOWN',
  OUT_OF_MEMORY: 'PROCESS_DOWN',
  KILLED: 'PROCESS_DOWN',
  STALLED: 'NO_MEDIA',
  LEASE_LOST: 'PROCESS_DOWN',
  NODE_LOST: 'PROCESS_DOWN',
  TLS: 'SOURCE_LOST',
  UNSUPPORTED: 'SOURCE_LOST',
  BLOCKED: 'SOURCE_LOST',
  REDIRECT_LOOP: 'SOURCE_LOST',
  ENDED: 'SOURCE_LOST',
  STORAGE: 'PROCESS_DOWN',
  OUTPUT_LOST: 'PROCESS_DOWN',
  WORKER_DIED: 'PROCESS_DOWN',
  UNKNOWN: 'PROCESS_DOWN',
}

interface Failed extends Record<string, number | string | null> {
  cause: FailureCause | null
  silentSeconds: number | null
  raisedFromSeconds: number | null
}

const working: Failed = { cause: null, silentSeconds: null, raisedFromSeconds: null }

function down(type: Down, measureLive: (seen: Seen) => Failed | null): Rule {
  return rule<Failed>({
    type,
    of: null,
    raiseAfterMs: 0,
    clearAfterMs: 0,
    measure(seen) {
      const { state, cause } = seen.observation
      if (state !== 'RECOVERING' && state !== 'ERROR') return measureLive(seen)
      return downByCause[cause ?? 'UNKNOWN'] === type ? { ...working, cause: cause ?? 'UNKNOWN' } : working
    },
    level({ cause, silentSeconds, raisedFromSeconds }) {
      if (cause !== null) return 'BAD'
      if (silentSeconds === null || raisedFromSeconds === null) return 'GOOD'
      return silentSeconds >= raisedFromSeconds ? 'BAD' : silentSeconds < raisedFromSeconds / 2 ? 'GOOD' : 'EDGE'
    },
    severity: () => 'CRITICAL',
    since: ({ silentSeconds }, at) => at - (silentSeconds ?? 0) * 1000,
    reason: ({ cause, silentSeconds }) =>
      cause === null ? `No packet of any track for ${silentSeconds} s.` : causeTexts[cause],
  })
}

/** Mended when media is measured again, not merely when a process runs. */
const whenMeasured = ({ measured }: Seen) => (measured ? working : null)

export const processDown = down('PROCESS_DOWN', whenMeasured)
export const sourceLost = down('SOURCE_LOST', whenMeasured)
export const noMedia = down('NO_MEDIA', (seen) => {
  let flowing: SeenTrack | null = null
  for (const track of Object.values(seen.tracks)) if (!flowing || track.silentMs < flowing.silentMs) flowing = track
  if (!flowing) return whenMeasured(seen)
  const silentSeconds = round(flowing.silentMs / 1000)
  return { cause: null, silentSeconds, raisedFromSeconds: round(raisedFromMs(seen, flowing) / 1000, 2) }
})
