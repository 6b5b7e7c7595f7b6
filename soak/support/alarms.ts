import type { Weir } from '../../test/support/weir.ts'
import type { FarmLog } from '../farm/log.ts'
import type { LoggedEvent, StreamNow } from './feed.ts'
import type { MachineLag } from './machine-lag.ts'
import type { ResourceSample } from './resources.ts'

/** Something that was said against a good source, with all that helps to find out why. */
export interface Alarm {
  at: string
  stream: string
  what: string
  data: unknown
  farm: unknown[]
  stalls: unknown[]
  log: string[]
}

interface IssueTold {
  type: string
  track: string | null
  reason?: string
}

const maxAlarms = 500
const telling = new Set<string>([
  'stream.state_changed',
  'stream.health_changed',
  'stream.recovery_attempted',
  'stream.recovery_escalated',
  'producer.state_changed',
  'producer.closed',
])

/** Decides what is a false alarm. Before begin() it only keeps which issues are open. */
export class Alarms {
  readonly found: Alarm[] = []
  readonly #names: Map<string, string>
  readonly #farm: FarmLog
  readonly #lag: MachineLag
  readonly #weir: Weir
  readonly #openIssues = new Map<string, Map<string, IssueTold>>()
  #restarts = new Map<string, number>()

  constructor(names: Map<string, string>, farm: FarmLog, lag: MachineLag, weir: Weir) {
    this.#names = names
    this.#farm = farm
    this.#lag = lag
    this.#weir = weir
  }

  /** Events from before the measurement: what they leave open is an alarm once it begins. */
  warmUp(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#keepIssues(event)
  }

  begin(streams: readonly StreamNow[], at: number): void {
    for (const stream of streams) {
      this.#restarts.set(stream.id, stream.process?.restarts ?? 0)
      if (stream.state !== 'LIVE') this.#add(stream.id, at, `is ${stream.state} at the start`, stream)
    }
    for (const [id, issues] of this.#openIssues) {
      for (const issue of issues.values()) this.#add(id, at, `has ${issue.type} open at the start`, issue)
    }
  }

  /** Answers a sentence for each new alarm. */
  take(events: readonly LoggedEvent[]): string[] {
    const before = this.found.length
    for (const event of events) {
      this.#keepIssues(event)
      const id = event.subjectId
      if (!id || !telling.has(event.type)) continue
      const what = this.#against(event)
      if (what) this.#add(this.#names.has(id) ? id : String(event.data.streamId ?? id), event.at, what, event.data)
    }
    return this.found.slice(before).map((alarm) => this.sentence(alarm))
  }

  /** What no event told: a restart, a state, a missing process. */
  compare(streams: readonly StreamNow[], sample: ResourceSample): void {
    for (const stream of streams) {
      const restarts = stream.process?.restarts ?? 0
      if (restarts > (this.#restarts.get(stream.id) ?? 0)) {
        this.#add(stream.id, Date.now(), `was restarted (${restarts})`, stream)
        this.#restarts.set(stream.id, restarts)
      }
    }
    if (sample.ffmpegs !== this.#names.size) {
      this.#add('', sample.at, `${sample.ffmpegs} FFmpegs for ${this.#names.size} streams`, sample)
    }
    if (sample.zombies > 0) this.#add('', sample.at, `${sample.zombies} zombies`, sample)
  }

  sentence({ at, stream, what }: Alarm): string {
    return `${at} ${stream}: ${what}`
  }

  #against({ type, data }: LoggedEvent): string | null {
    switch (type) {
      case 'stream.health_changed': {
        const opened = (data.opened as IssueTold[] | undefined) ?? []
        if (opened.length === 0 && data.to === 'HEALTHY') return null
        const issues = opened.map((issue) => `${issue.type} (${issue.track ?? 'stream'}): ${issue.reason}`)
        return `health ${data.from} to ${data.to}${issues.length > 0 ? `: ${issues.join('; ')}` : ''}`
      }
      case 'stream.state_changed':
        return `state ${data.from} to ${data.to}: ${data.cause}: ${data.reason}`
      case 'producer.state_changed':
        return `producer ${data.kind} ${data.from} to ${data.to}`
      default:
        return `${type} ${JSON.stringify(data).slice(0, 200)}`
    }
  }

  #keepIssues({ type, subjectId, data }: LoggedEvent): void {
    if (type !== 'stream.health_changed' || !subjectId) return
    const open = this.#openIssues.get(subjectId) ?? new Map<string, IssueTold>()
    this.#openIssues.set(subjectId, open)
    for (const closed of (data.closed as string[] | undefined) ?? []) open.delete(closed)
    for (const issue of (data.opened as IssueTold[] | undefined) ?? []) open.set(issue.type, issue)
  }

  #add(streamId: string, at: number, what: string, data: unknown): void {
    if (this.found.length >= maxAlarms) return
    this.found.push({
      at: new Date(at).toISOString(),
      stream: this.#names.get(streamId) ?? (streamId || 'server'),
      what,
      data,
      farm: this.#farm.around(at),
      stalls: this.#lag.around(at),
      log: streamId ? this.#weir.lines.filter((line) => line.includes(streamId)).slice(-5) : [],
    })
  }
}
