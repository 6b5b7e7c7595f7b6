/** How a timeline is laid out: pure functions of its points. Times in ms since the epoch, places from 0 (left) to 1 (right). */

export interface Span {
  from: number
  to: number
}

/** A place on the axis of `range`, at most its ends. */
export function placeOf(time: number, range: Span): number {
  return Math.min(1, Math.max(0, (time - range.from) / (range.to - range.from)))
}

export interface Strip<Status extends string> {
  /** GAP: nothing was sampled then. */
  status: Status | 'GAP'
  from: number
  to: number
}

/**
 * The points as strips without holes from one end of the range to the other: neighbours of one status are one strip, and
 * where there is no point there is a gap. Points are in the order of their times.
 */
export function stripsOf<Status extends string>(
  points: readonly (Span & { status: Status })[],
  range: Span,
): Strip<Status>[] {
  const strips: Strip<Status>[] = []
  const add = (status: Status | 'GAP', from: number, to: number) => {
    if (to <= from) return
    const last = strips.at(-1)
    if (last && last.status === status) last.to = to
    else strips.push({ status, from, to })
  }
  let covered = range.from
  for (const { from, to, status } of points) {
    const [start, end] = [Math.max(from, covered), Math.min(to, range.to)]
    if (end <= start) continue
    add('GAP', covered, start)
    add(status, start, end)
    covered = end
  }
  add('GAP', covered, range.to)
  return strips
}

/**
 * A line through the values, from 0 at the bottom (1) to `max` at the top (0), as SVG paths: one for each run of points that
 * follow one another and were measured. Unknown is a break, never a nought.
 */
export function linesOf(points: readonly (Span & { value: number | null })[], range: Span, max: number): string[] {
  const lines: string[][] = []
  let open: string[] | null = null
  let end = Number.NaN
  for (const { from, to, value } of points) {
    if (value === null) {
      open = null
      continue
    }
    if (!open || from > end) {
      open = []
      lines.push(open)
    }
    const y = round(max > 0 ? 1 - Math.min(1, value / max) : 1)
    open.push(`${round(placeOf(from, range))} ${y}`, `${round(placeOf(to, range))} ${y}`)
    end = to
  }
  return lines.map((places) => `M${places.join('L')}`)
}

function round(place: number): number {
  return Math.round(place * 10_000) / 10_000
}

const minute = 60_000
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 40_320, 80_640, 161_280].map(
  (minutes) => minutes * minute,
)

/** Times to name below the axis: at most `most`, at round times of the reader's own day. `offsetMs`: what local time is ahead of UTC. */
export function ticksOf(range: Span, most: number, offsetMs: number): number[] {
  const step = steps.find((it) => (range.to - range.from) / it <= most) ?? steps.at(-1)!
  const first = Math.ceil((range.from + offsetMs) / step) * step - offsetMs
  const ticks: number[] = []
  for (let tick = first; tick <= range.to && ticks.length < most; tick += step) ticks.push(tick)
  return ticks
}
