import { formatDuration, unknown } from './format.ts'
import { sentence } from './issues.tsx'
import type { Attempt } from './operations.ts'

const outcomeNames = { RECOVERED: 'Recovered', FAILED: 'Failed', SUPERSEDED: 'Overtaken by an order' }

/** What went wrong and what was done about it, newest first; the log of each opens on demand. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <p class="hint">Nothing has had to be mended.</p>
  return (
    <ol class="attempts">
      {attempts.map((attempt) => (
        <li key={attempt.id} data-outcome={attempt.outcome ?? 'OPEN'}>
          <details>
            <summary>
              <time dateTime={attempt.startedAt}>{formatStart(attempt.startedAt)}</time>
              <span class="cause">{sentence(attempt.cause)}</span>
              <span>{sentence(attempt.action)}</span>
              <span class="outcome">{attempt.outcome ? outcomeNames[attempt.outcome] : 'Under way'}</span>
              <span class="downtime">{formatDowntime(attempt.downtimeSeconds)}</span>
            </summary>
            {attempt.log.length > 0 ? <pre>{attempt.log.join('\n')}</pre> : <p class="hint">FFmpeg said nothing.</p>}
          </details>
        </li>
      ))}
    </ol>
  )
}

function formatStart(time: string): string {
  return new Date(time).toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}

function formatDowntime(seconds: number | null): string {
  if (seconds === null) return unknown
  return seconds < 10 ? `${seconds.toFixed(1)} s without media` : `${formatDuration(seconds)} without media`
}
