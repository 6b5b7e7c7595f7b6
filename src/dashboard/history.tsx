import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Attempts } from './attempts.tsx'
import { now } from './clock.ts'
import { formatCount, formatDuration } from './format.ts'
import { key } from './key.ts'
import { type HistoryData, historyQuery } from './operations.ts'
import { Timeline } from './timeline.tsx'
import { request } from './weir.ts'

const hour = 3_600_000
const ranges = [
  { name: '1 h', ms: hour },
  { name: '6 h', ms: 6 * hour },
  { name: '24 h', ms: 24 * hour },
  { name: '7 d', ms: 7 * 24 * hour },
]
/** Wide enough to see, few enough to draw. */
const maxPoints = 240
const refreshMs = 5000

/** What has been: the health of the last hours, and every attempt at mending. Read anew while it is open. */
export function History({ streamId }: { streamId: string }) {
  const rangeMs = useSignal(6 * hour)
  const shown = useSignal<{ data: HistoryData; from: number; to: number } | null>(null)
  const failure = useSignal<string | null>(null)
  const withKey = key.value !== null
  const length = rangeMs.value

  useEffect(() => {
    let ended = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async () => {
      const to = now.peek()
      const from = to - length
      const variables = { id: streamId, from: new Date(from).toISOString(), maxPoints, withKey }
      const answer = await request(historyQuery, variables)
      if (ended) return
      failure.value = answer.ok ? null : answer.error.message
      if (answer.ok) shown.value = { data: answer.data, from, to }
      timer = setTimeout(() => void read(), refreshMs)
    }
    void read()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [streamId, length, withKey])

  const data = shown.value?.data.stream
  return (
    <section class="history" aria-label="History">
      <div class="heading">
        <h3>Health</h3>
        <fieldset class="ranges" aria-label="How far back">
          {ranges.map(({ name, ms }) => (
            <button
              key={name}
              type="button"
              aria-pressed={length === ms}
              onClick={() => {
                rangeMs.value = ms
              }}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      {failure.value !== null && <p class="error">{failure.value}</p>}
      {data?.healthTimeline && shown.value && (
        <Timeline points={data.healthTimeline.points} range={{ from: shown.value.from, to: shown.value.to }} />
      )}
      {withKey && data && (
        <>
          <h3>Recovery</h3>
          {data.recovery && (
            <p class="hint">
              {data.recovery.enabled ? 'Mends by itself.' : 'Only tells, mends nothing.'}{' '}
              {formatCount(data.recovery.restarts)} restarts
              {data.recovery.lastRestartAt !== null &&
                `, the last one ${formatDuration((now.value - Date.parse(data.recovery.lastRestartAt)) / 1000)} ago`}
              .
            </p>
          )}
          <Attempts attempts={data.recoveryAttempts?.nodes.filter((node) => node !== null) ?? []} />
        </>
      )}
    </section>
  )
}
