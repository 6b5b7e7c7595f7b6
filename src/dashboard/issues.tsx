import { now } from './clock.ts'
import { formatDuration } from './format.ts'
import type { WallStream } from './operations.ts'

type Health = NonNullable<WallStream['health']>

/** What is wrong with a stream, worst first, in words; nothing where nothing is. */
export function Issues({ health }: { health: Health | null | undefined }) {
  if (!health || health.issues.length === 0) return null
  return (
    <ul class="issues" aria-label="Issues">
      {worstFirst(health.issues).map((issue) => (
        <li key={`${issue.type} ${issue.track}`} data-severity={issue.severity} data-issue={issue.type}>
          <strong>{issueName(issue)}</strong> {issue.reason}{' '}
          <time dateTime={issue.since}>for {formatDuration((now.value - Date.parse(issue.since)) / 1000)}</time>
        </li>
      ))}
    </ul>
  )
}

const order = ['CRITICAL', 'ERROR', 'WARNING', 'INFO'] as const

function worstFirst(issues: Health['issues']): Health['issues'] {
  return [...issues].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

/** VIDEO_FROZEN is read as "Video frozen". */
export function issueName({ type }: { type: string }): string {
  return sentence(type)
}

/** SOME_WORDS as people write them: Some words. */
export function sentence(words: string): string {
  const text = words.toLowerCase().replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
