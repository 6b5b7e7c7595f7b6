import postgres from 'postgres'
import { TypedDocumentString } from '../src/client/generated/graphql.ts'
import { Browser } from '../test/support/chromium.ts'
import type { GraphqlClient } from '../test/support/graphql-client.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { Weir } from '../test/support/weir.ts'
import { FarmLog } from './farm/log.ts'
import { EventFeed, readStreams } from './support/feed.ts'
import { timesOf } from './support/figures.ts'
import { isThere, newestSegment } from './support/hls-reader.ts'
import type { Outcome, Part, Run } from './support/part.ts'
import { cameras, patterns } from './support/small-sources.ts'
import { Viewers } from './support/viewers.ts'

const defaultMinutes = 1
const answerMs = 2000
const returnMs = 10_000
const longestPauseMs = 5000

const setLabel = new TypedDocumentString<unknown, { id: string; labels: Record<string, string> }>(`
  mutation SoakLabel($id: ID!, $labels: JSON!) { updateStream(id: $id, input: { labels: $labels }) { id } }
`)
const readLabel = new TypedDocumentString<{ stream: { labels: Record<string, string> } }, { id: string }>(`
  query SoakLabels($id: ID!) { stream(id: $id) { labels } }
`)

interface Answer {
  at: number
  what: 'query' | 'mutation'
  ms: number
  /** Null: it was done. */
  code: string | null
}

/** PostgreSQL is ended and started again: media flows on, the API says so quickly, all is right soon after. */
export const databaseAway: Part = {
  name: 'database-away',
  title: 'PostgreSQL away for a minute under streams that are watched',
  async run(run: Run): Promise<Outcome> {
    const awayMs = (run.minutes ?? defaultMinutes) * 60_000
    const count = run.streams ?? 4
    await using stack = new AsyncDisposableStack()
    const database = await startPostgresServer()
    stack.defer(() => database.stop())
    const admin = postgres(`${database.url}postgres`, { max: 1 })
    await admin.unsafe('create database soak')
    await admin.end()
    const farm = new FarmLog()
    const weir = stack.use(await Weir.start({ env: { DATABASE_URL: `${database.url}soak` } }))
    const viewers = new Viewers(stack.use(await Browser.launch()))
    const sources = [...(await cameras(count >> 1, farm, stack)), ...patterns(count - (count >> 1))]
    const subjects: Subject[] = []
    for (const { name, source } of sources) {
      const stream = await weir.liveStream({ name, source })
      const viewer = await viewers.play(stream.playback!.whepUrl!)
      subjects.push({
        ...{ id: stream.id, name, hlsUrl: stream.playback!.hlsUrl!, pid: stream.process!.pid! },
        viewed: new Progress(() => viewer.framesDecoded()),
        segments: new Progress(async () => {
          const newest = await newestSegment(stream.playback!.hlsUrl!)
          return newest !== null && (await isThere(newest)) ? newest : null
        }),
      })
    }
    await run.pause(Math.min(run.warmUpSeconds, 15) * 1000)
    const before = await new EventFeed().read(weir.api)

    const answers: Answer[] = []
    const labelled = { asked: 0, done: 0 }
    const ask = async () => {
      answers.push(await asked('query', () => weir.api.answer(readLabel, { id: subjects[0]!.id })))
      labelled.asked += 1
      const number = labelled.asked
      const answer = await asked('mutation', () =>
        weir.api.answer(setLabel, { id: subjects[0]!.id, labels: { number: String(number) } }),
      )
      answers.push(answer)
      if (answer.code === null) labelled.done = number
    }
    // Each goes on by itself: an answer that is late must not hide what the media does.
    const watch = async (untilAt: number) => {
      const each = async (everyMs: number, look: () => Promise<void>) => {
        while (Date.now() < untilAt) {
          const pause = run.pause(everyMs)
          await look()
          await pause
        }
      }
      const looks = subjects.flatMap(({ viewed, segments }) => [viewed, segments])
      await Promise.all([each(1000, ask), ...looks.map((progress) => each(500, () => progress.look()))])
    }
    run.say(`${subjects.length} streams are watched`)
    await watch(Date.now() + 6000)
    await database.halt()
    const awayAt = Date.now()
    run.say(`PostgreSQL is away for ${awayMs / 1000} s`)
    await watch(awayAt + awayMs)
    await database.resume()
    const backAt = Date.now()
    run.say('PostgreSQL is back')
    const [rightAt] = await Promise.all([rightAgain(weir, subjects, backAt, run), watch(Date.now() + 20_000)])
    run.say(rightAt === null ? 'not all is right' : `all is right after ${rightAt - backAt} ms`)

    const broken: string[] = []
    const away = answers.filter(({ at, ms }) => at >= awayAt && at + ms < backAt)
    const wrong = away.filter(({ code }) => code !== 'UNAVAILABLE')
    if (wrong.length > 0)
      broken.push(`while it was away: ${wrong.length} of ${away.length} answers were not UNAVAILABLE`)
    if (rightAt === null || rightAt - backAt > returnMs)
      broken.push(`not all right within ${returnMs / 1000} s of its return`)
    for (const { name, viewed, segments, pid, id } of subjects) {
      if (viewed.longestMs > longestPauseMs) broken.push(`${name}: no new picture for ${viewed.longestMs} ms`)
      if (segments.longestMs > longestPauseMs + 2000)
        broken.push(`${name}: no new segment for ${segments.longestMs} ms`)
      const now = (await weir.stream(id)).process?.pid
      if (now !== pid) broken.push(`${name}: FFmpeg is another one`)
    }
    const { stream } = (await weir.api.request(readLabel, { id: subjects[0]!.id })) ?? {}
    const kept = Number(stream.labels.number)
    if (kept < labelled.done) broken.push(`acknowledged change ${labelled.done} is lost: ${kept}`)
    const events = (await new EventFeed().read(weir.api)).slice(before.length)
    const changed = events.filter(({ type }) => type === 'stream.state_changed')
    if (changed.length > 0) broken.push(`${changed.length} changes of state`)
    const times = timesOf(
      'answers while it was away',
      away.map(({ ms }) => ms),
      answerMs,
    )
    return {
      rows: [
        ...times.rows,
        { what: 'answers of another kind', value: wrong.length, bound: '0' },
        {
          what: 'all right after its return, ms',
          value: rightAt === null ? 'never' : rightAt - backAt,
          bound: `≤ ${returnMs}`,
        },
        {
          what: 'longest without a new picture, ms',
          value: Math.max(...subjects.map(({ viewed }) => viewed.longestMs)),
          bound: `≤ ${longestPauseMs}`,
        },
        {
          what: 'longest without a new segment, ms',
          value: Math.max(...subjects.map(({ segments }) => segments.longestMs)),
          bound: `≤ ${longestPauseMs + 2000}`,
        },
        { what: 'changes of state', value: changed.length, bound: '0' },
        { what: 'changes acknowledged, and kept', value: `${labelled.done}, ${kept}` },
      ],
      broken: [...broken, ...times.broken],
      details: {
        answers,
        events,
        farm: farm.entries,
        log: weir.lines.slice(-100).map((line) => line.replaceAll(`${process.cwd()}/`, '')),
      },
    }
  },
}

interface Subject {
  id: string
  name: string
  hlsUrl: string
  pid: number
  viewed: Progress
  segments: Progress
}

/** The longest time in which a value that should change did not. */
class Progress {
  longestMs = 0
  readonly #read: () => Promise<number | string | null>
  #last: number | string | null = null
  #changedAt: number | null = null

  constructor(read: () => Promise<number | string | null>) {
    this.#read = read
  }

  async look(): Promise<void> {
    const value = await this.#read()
    const now = Date.now()
    this.#changedAt ??= now
    this.longestMs = Math.max(this.longestMs, now - this.#changedAt)
    if (value === null || value === this.#last) return
    this.#last = value
    this.#changedAt = now
  }
}

/** Asks once; what has not answered after 10 s counts as that. */
async function asked(what: Answer['what'], ask: () => ReturnType<GraphqlClient['answer']>): Promise<Answer> {
  const at = Date.now()
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve('NO_ANSWER'), 10_000)
  const code = await Promise.race([
    ask().then(
      ({ errors }) => (errors.length === 0 ? null : (errors[0]?.extensions?.code ?? 'NO_CODE')),
      (error: Error) => `FAILED: ${error.message}`,
    ),
    late.promise,
  ])
  clearTimeout(timer)
  return { at, what, ms: Date.now() - at, code }
}

/** When everything that can be asked answered well; null where it did not within a minute. */
async function rightAgain(weir: Weir, subjects: Subject[], backAt: number, run: Run): Promise<number | null> {
  while (Date.now() - backAt < 60_000) {
    const ready = await fetch(`${weir.url}/health/readiness`).catch(() => null)
    await ready?.body?.cancel()
    const streams = await readStreams(weir.api).catch(() => [])
    const isLive = subjects.every(({ id }) => streams.some((stream) => stream.id === id && stream.state === 'LIVE'))
    const labels = { right: 'yes' }
    const changed = await asked('mutation', () => weir.api.answer(setLabel, { id: subjects.at(-1)!.id, labels }))
    if (ready?.ok && isLive && changed.code === null) return Date.now()
    await run.pause(100)
  }
  return null
}
