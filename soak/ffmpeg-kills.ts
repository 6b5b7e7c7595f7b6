import { Browser } from '../test/support/chromium.ts'
import { readProcess } from '../test/support/processes.ts'
import { until } from '../test/support/until.ts'
import { Weir } from '../test/support/weir.ts'
import { FarmLog } from './farm/log.ts'
import { EventFeed, readStreams } from './support/feed.ts'
import { timesOf } from './support/figures.ts'
import { LogSubscriber } from './support/log-subscriber.ts'
import type { Outcome, Part, Run } from './support/part.ts'
import { zombies } from './support/resources.ts'
import { cameras, patterns } from './support/small-sources.ts'
import { type Viewer, Viewers } from './support/viewers.ts'

const boundMs = 2000
const giveUpMs = 45_000

interface Subject {
  id: string
  name: string
  viewer: Viewer
}

interface Kill {
  stream: string
  at: string
  /** From the kill to the first picture that the same viewer decoded after the pause; null where none came. */
  againMs: number | null
  pauseMs: number
}

/** Each stream's FFmpeg is killed five times, a minute apart, under a viewer that plays on. */
export const ffmpegKills: Part = {
  name: 'ffmpeg-kills',
  title: 'FFmpeg killed: 20 streams, five times each, until the same viewers decode again',
  async run(run: Run): Promise<Outcome> {
    const count = run.streams ?? 20
    const rounds = run.kills ?? 5
    await using stack = new AsyncDisposableStack()
    const farm = new FarmLog()
    const sources = [...(await cameras(Math.floor(count / 2), farm, stack)), ...patterns(Math.ceil(count / 2))]
    const weir = stack.use(await Weir.start())
    const viewers = new Viewers(stack.use(await Browser.launch()))

    const subjects: Subject[] = []
    for (const { name, source } of sources) {
      run.signal.throwIfAborted()
      const stream = await weir.liveStream({ name, source })
      subjects.push({ id: stream.id, name, viewer: await viewers.play(stream.playback!.whepUrl!) })
    }
    for (const { name, viewer } of subjects) {
      await until(`${name} is decoded`, async () => (await viewer.framesDecoded()) > 10, { everyMs: 200 })
    }
    run.say(`${subjects.length} streams are watched; ${rounds} kills each, ${run.spacingSeconds} s apart`)
    await run.pause(Math.min(run.warmUpSeconds, 15) * 1000)

    const feed = new EventFeed()
    const subscriber = stack.use(new LogSubscriber(weir.url, (await feed.read(weir.api)).at(-1)!.cursor))
    const kills: Kill[] = []
    const strike = async (subject: Subject) => {
      const kill = await killOnce(weir, subject)
      kills.push(kill)
      run.say(
        `${kill.stream}: decoded again after ${kill.againMs === null ? 'never' : `${Math.round(kill.againMs)} ms`}`,
      )
    }
    const betweenMs = (run.spacingSeconds * 1000) / subjects.length
    const under: Promise<void>[] = []
    const startedAt = performance.now()
    for (let number = 0; number < rounds * subjects.length; number += 1) {
      await run.pause(Math.max(0, startedAt + number * betweenMs - performance.now()))
      under.push(strike(subjects[number % subjects.length]!))
    }
    await Promise.all(under)

    const broken: string[] = []
    await until(
      'all streams are LIVE',
      async () => (await readStreams(weir.api)).every(({ state }) => state === 'LIVE'),
      {
        timeoutMs: 90_000,
        everyMs: 500,
      },
    ).catch(() => broken.push('not all streams are LIVE 90 s after the last kill'))
    const left = weir.ffmpegs().length
    if (left !== subjects.length) broken.push(`${left} FFmpegs for ${subjects.length} streams`)
    const unreaped = zombies(weir.pid).length
    if (unreaped > 0) broken.push(`${unreaped} zombies`)
    const events = await feed.read(weir.api)
    // What the log has by now has reached a subscriber soon after.
    await run.pause(2000)
    broken.push(...subscriber.differencesFrom(events.map(({ cursor }) => cursor)))
    const told = subscriber.cursors.length
    await subscriber[Symbol.asyncDispose]()
    await weir.end('SIGTERM')
    const orphans = weir.processes()
    if (orphans.length > 0) broken.push(`left behind at the end: ${orphans.map(({ name }) => name).join(', ')}`)

    const never = kills.filter(({ againMs }) => againMs === null)
    broken.push(
      ...never.map(({ stream, at }) => `${stream}, killed at ${at}: not decoded again within ${giveUpMs / 1000} s`),
    )
    const again = (part: string) =>
      kills.filter(({ stream, againMs }) => againMs !== null && stream.startsWith(part)).map(({ againMs }) => againMs!)
    const all = timesOf('until decoded again', again(''), boundMs)
    return {
      rows: [
        { what: 'kills', value: kills.length },
        ...all.rows,
        ...timesOf('of test patterns', again('pattern'), null).rows,
        ...timesOf('of cameras', again('camera'), null).rows,
        { what: 'never again', value: never.length, bound: '0' },
        { what: 'FFmpegs at the end', value: left, bound: `${subjects.length}` },
        { what: 'events, told by subscription', value: `${events.length}, ${told}`, bound: 'each once' },
        { what: 'zombies', value: unreaped, bound: '0' },
        { what: 'left behind by the server', value: orphans.length, bound: '0' },
      ],
      broken: [...broken, ...all.broken],
      details: { kills, events: events.filter(({ type }) => /state_changed|recovery/.test(type)), farm: farm.entries },
    }
  },
}

/** Kills what the API names, once it is sure to be this server's FFmpeg, and asks the viewer. */
async function killOnce(weir: Weir, { id, name, viewer }: Subject): Promise<Kill> {
  const pid = await until(
    `${name} has an FFmpeg`,
    async () => {
      const found = (await weir.stream(id)).process?.pid
      return found && weir.ffmpegs().some((ffmpeg) => ffmpeg.pid === found) && readProcess(found) ? found : null
    },
    { timeoutMs: giveUpMs, everyMs: 200 },
  )
  const killedAt = Date.now()
  process.kill(pid, 'SIGKILL')
  const { decodedAgainAt, pauseMs } = await viewer.recovery(killedAt, giveUpMs)
  return {
    stream: name,
    at: new Date(killedAt).toISOString(),
    againMs: decodedAgainAt === null ? null : decodedAgainAt - killedAt,
    pauseMs,
  }
}
