import { type Look, noFigures, type PlayerFigures } from './model.ts'

/** What one report of getStats tells; all in WebRTC's own words and units. */
export interface StatsReport {
  type: string
  id: string
  kind?: string
  framesDecoded?: number
  framesDropped?: number
  freezeCount?: number
  /** Seconds. */
  jitter?: number
  packetsReceived?: number
  bytesReceived?: number
  nominated?: boolean
  state?: string
  /** Seconds. */
  currentRoundTripTime?: number
}

const counters = ['framesDecoded', 'framesDropped', 'freezeCount', 'packetsReceived', 'bytesReceived'] as const
type Counts = Record<(typeof counters)[number], number>

/**
 * Adds up what a WebRTC connection has received. A new SSRC begins a report of its own at 0, and the one before may vanish: what each
 * has counted is kept.
 */
export class WebRtcFigures {
  readonly #seen = new Map<string, Counts & { kind: string }>()
  /** Of reports that are gone, by kind. */
  readonly #gone = new Map<string, Counts>()
  readonly #rates = new Rates()

  /** `at` in ms. `withVideo`: whether there is a picture to wait for. */
  look(reports: Iterable<StatsReport>, at: number, withVideo: boolean): Omit<Look, 'width' | 'height'> {
    const here = new Set<string>()
    let jitterMs: number | null = null
    let roundTripMs: number | null = null
    for (const report of reports) {
      if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded')
        roundTripMs = inMs(report.currentRoundTripTime)
      if (report.type !== 'inbound-rtp' || !report.kind) continue
      const counts = Object.fromEntries(counters.map((name) => [name, report[name] ?? 0])) as Counts
      here.add(report.id)
      this.#seen.set(report.id, { ...counts, kind: report.kind })
      if (report.kind === (withVideo ? 'video' : 'audio')) jitterMs = inMs(report.jitter)
    }
    for (const [id, counts] of this.#seen) {
      if (here.has(id)) continue
      this.#gone.set(counts.kind, sum([this.#gone.get(counts.kind), counts]))
      this.#seen.delete(id)
    }
    const video = this.#total('video')
    const audio = this.#total('audio')
    const bytes = (video?.bytesReceived ?? 0) + (audio?.bytesReceived ?? 0)
    const rates = this.#rates.next({ frames: video?.framesDecoded ?? null, bytes: video || audio ? bytes : null }, at)
    const heard = audio?.packetsReceived ?? 0
    return {
      received: withVideo ? (video?.packetsReceived ?? 0) : heard,
      shown: withVideo ? (video?.framesDecoded ?? 0) : heard,
      fps: rates.fps,
      figures: {
        framesDecoded: video?.framesDecoded ?? null,
        framesDropped: video?.framesDropped ?? null,
        freezeCount: video?.freezeCount ?? null,
        jitterMs,
        roundTripMs,
        bitrateBps: rates.bitrateBps,
      },
    }
  }

  #total(kind: string): Counts | null {
    const gone = this.#gone.get(kind)
    const of = [...this.#seen.values()].filter((counts) => counts.kind === kind)
    return of.length === 0 && !gone ? null : sum([gone, ...of])
  }
}

function sum(of: readonly (Counts | undefined)[]): Counts {
  return Object.fromEntries(
    counters.map((name) => [name, of.reduce((total, counts) => total + (counts?.[name] ?? 0), 0)]),
  ) as Counts
}

/** What a video element that plays segments can tell of itself. `bytes`: loaded so far, where the player counts them. */
export interface ElementFigures {
  totalVideoFrames: number | null
  droppedVideoFrames: number | null
  /** s. */
  currentTime: number
  buffered: number
  bytes: number | null
}

export class ElementLooks {
  readonly #rates = new Rates()

  look(element: ElementFigures, at: number): Omit<Look, 'width' | 'height'> {
    const { totalVideoFrames: frames, droppedVideoFrames, currentTime, buffered, bytes } = element
    const { fps, bitrateBps } = this.#rates.next({ frames, bytes }, at)
    return {
      received: buffered,
      shown: frames ?? currentTime,
      fps,
      figures: { ...noFigures, framesDecoded: frames, framesDropped: droppedVideoFrames, bitrateBps },
    }
  }
}

/** Rates over the last few looks. Segments come in bursts: their bitrate needs a longer window than frames do. */
class Rates {
  #looks: { frames: number | null; bytes: number | null; at: number }[] = []

  next(counts: { frames: number | null; bytes: number | null }, at: number) {
    this.#looks = [...this.#looks.slice(-39), { ...counts, at }]
    return {
      fps: perSecond(this.#looks.slice(-7), 'frames'),
      bitrateBps: rounded(perSecond(this.#looks, 'bytes'), 8),
    }
  }
}

/** Null until a second has passed. */
function perSecond(looks: { frames: number | null; bytes: number | null; at: number }[], of: 'frames' | 'bytes') {
  const [first, last] = [looks.find((look) => look[of] !== null), looks.at(-1)]
  if (!first || !last || last[of] === null || last.at - first.at < 1000) return null
  return Math.max(0, ((last[of] - first[of]!) * 1000) / (last.at - first.at))
}

function rounded(value: number | null, times: number): number | null {
  return value === null ? null : Math.round(value * times)
}

function inMs(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1000
}

/** What a heartbeat carries: figures that are known. */
export function statsOf(figures: PlayerFigures): Partial<Record<keyof PlayerFigures, number>> {
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== null && Number.isFinite(value) && value >= 0),
  )
}
