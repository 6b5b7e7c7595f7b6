import { formatBitrate, formatFps, formatPercent, formatTime, unknown } from './format.ts'
import { sentence } from './issues.tsx'
import type { HistoryPoint } from './operations.ts'
import { linesOf, placeOf, type Span, stripsOf, ticksOf } from './timeline-shape.ts'

interface TimelineProps {
  points: readonly HistoryPoint[]
  range: Span
}

const statusNames = {
  HEALTHY: 'Healthy',
  WARNING: 'Warning',
  CRITICAL: 'Critical',
  UNKNOWN: 'Not known',
  GAP: 'Nothing measured',
}
const day = 86_400_000

/** The last hours as a picture: health as a band with its gaps, figures as lines above one another. */
export function Timeline({ points, range }: TimelineProps) {
  const shown = points.map((point) => ({ ...point, from: Date.parse(point.from), to: Date.parse(point.to) }))
  const strips = stripsOf(shown, range)
  return (
    <div class="timeline">
      <div class="band" role="img" aria-label={describe(strips, range)}>
        {strips.map(({ status, from, to }) => (
          <span
            key={from}
            data-health={status}
            style={{ left: percent(placeOf(from, range)), width: percent(placeOf(to, range) - placeOf(from, range)) }}
            title={`${statusNames[status]}, ${formatMoment(from, range)} to ${formatMoment(to, range)}${issuesWithin(shown, from, to)}`}
          />
        ))}
      </div>
      <Line name="Frames/s" points={shown} range={range} pick={({ fps }) => fps} format={formatFps} />
      <Line name="Bitrate" points={shown} range={range} pick={({ bitrateBps }) => bitrateBps} format={formatBitrate} />
      <Line name="CPU" points={shown} range={range} pick={({ cpuPercent }) => cpuPercent} format={formatPercent} />
      <div class="ticks" aria-hidden="true">
        {ticksOf(range, 7, -new Date(range.to).getTimezoneOffset() * 60_000).map((tick) => (
          <span key={tick} style={{ left: percent(placeOf(tick, range)) }}>
            {formatMoment(tick, range)}
          </span>
        ))}
      </div>
    </div>
  )
}

type Shown = Omit<HistoryPoint, 'from' | 'to'> & Span

interface LineProps {
  name: string
  points: readonly Shown[]
  range: Span
  pick: (point: Shown) => number | null
  format: (value: number | null) => string
}

function Line({ name, points, range, pick, format }: LineProps) {
  const values = points.map((point) => ({ from: point.from, to: point.to, value: pick(point) }))
  const known = values.flatMap(({ value }) => value ?? [])
  const max = known.length > 0 ? Math.max(...known) : null
  return (
    <div class="line">
      <span class="name">{name}</span>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label={`${name}, at most ${format(max)}`}>
        {linesOf(values, range, (max ?? 0) * 1.1).map((path) => (
          <path key={path} d={path} />
        ))}
      </svg>
      <span class="most">{max === null ? unknown : format(max)}</span>
    </div>
  )
}

function percent(place: number): string {
  return `${place * 100}%`
}

/** The time of day, with the day where the range is longer than one. */
function formatMoment(time: number, range: Span): string {
  const clock = new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  if (range.to - range.from <= day) return clock
  return `${new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })} ${clock}`
}

function issuesWithin(points: readonly Shown[], from: number, to: number): string {
  const types = new Set(points.flatMap((point) => (point.from < to && point.to > from ? point.issues : [])))
  return types.size > 0 ? `: ${[...types].map(sentence).join(', ')}` : ''
}

/** The band in a sentence, for those who can't see it. */
function describe(strips: ReturnType<typeof stripsOf<HistoryPoint['status']>>, range: Span): string {
  const lengths = new Map<string, number>()
  for (const { status, from, to } of strips) lengths.set(status, (lengths.get(status) ?? 0) + to - from)
  const shares = [...lengths].map(
    ([status, length]) =>
      `${statusNames[status as keyof typeof statusNames]} ${formatPercent((length / (range.to - range.from)) * 100)}`,
  )
  return `Health from ${formatTime(range.from)} to ${formatTime(range.to)}: ${shares.join(', ')}`
}
