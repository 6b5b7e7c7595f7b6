import { until } from '../test/support/until.ts'
import { Weir } from '../test/support/weir.ts'
import { Farm } from './farm/farm.ts'
import { startNoise } from './farm/noise.ts'
import { Alarms } from './support/alarms.ts'
import { EventFeed, readStreams } from './support/feed.ts'
import { LogSubscriber } from './support/log-subscriber.ts'
import { MachineLag } from './support/machine-lag.ts'
import type { Outcome, Part, Run } from './support/part.ts'
import { memoryTrend, ResourceWatch } from './support/resources.ts'

/** 24 stream-hours of 16 sources. */
const defaultMinutes = 90
const pollMs = 2000
const sampleMs = 30_000

/** Good sources, watched for hours: whatever is said against one of them is a false alarm. */
export const goodVideo: Part = {
  name: 'good-video',
  title: '16 good sources: no false alarm (90 minutes; --noise: beside a CPU burner, 10 minutes)',
  async run(run: Run): Promise<Outcome> {
    const minutes = run.minutes ?? (run.noise ? 10 : defaultMinutes)
    await using stack = new AsyncDisposableStack()
    const weir = await Weir.prepare()
    stack.use(weir)
    run.say('encoding what the sources send')
    const farm = stack.use(await Farm.start(weir.mediaDir))
    run.signal.throwIfAborted()
    await weir.start()
    const lag = stack.use(new MachineLag())
    const names = new Map<string, string>()
    for (const source of farm.sources) names.set(await weir.createStream({ ...source, start: true }), source.name)

    const events = new EventFeed()
    const alarms = new Alarms(names, farm.log, lag, weir)
    await until(
      'all streams are LIVE',
      async () => {
        run.signal.throwIfAborted()
        return (await readStreams(weir.api)).every(({ state }) => state === 'LIVE')
      },
      {
        timeoutMs: 180_000,
        everyMs: 1000,
        explain: () => ({ farm: farm.log.entries.slice(-20), log: weir.lines.slice(-20) }),
      },
    )
    farm.addWitnesses()
    if (run.noise) stack.use(startNoise((what) => farm.log.add('noise', what)))
    run.say(`all ${names.size} are LIVE; warming up for ${run.warmUpSeconds} s`)
    await run.pause(run.warmUpSeconds * 1000)
    const early = await events.read(weir.api)
    alarms.warmUp(early)
    const subscriber = stack.use(new LogSubscriber(weir.url, early.at(-1)!.cursor))
    const logged: string[] = []
    const readNew = async () => {
      const found = await events.read(weir.api)
      logged.push(...found.map(({ cursor }) => cursor))
      return alarms.take(found)
    }
    const before = await readStreams(weir.api)
    const startedAt = Date.now()
    const faultsBefore = farm.log.entries.length
    const endsAt = startedAt + minutes * 60_000
    alarms.begin(before, startedAt)
    run.say(`measuring for ${minutes} minutes`)

    const resources = new ResourceWatch()
    let sampledAt = 0
    while (Date.now() < endsAt) {
      for (const alarm of await readNew()) run.say(`FALSE ALARM ${alarm}`)
      if (Date.now() - sampledAt >= sampleMs) {
        sampledAt = Date.now()
        const sample = await resources.sample(weir)
        run.say(
          `server ${sample.serverCpuPercent ?? '-'} % ${sample.serverMb} MB; ${sample.ffmpegs} FFmpegs ${sample.ffmpegCpuPercent ?? '-'} % ` +
            `${sample.ffmpegMb} MB; workers ${sample.workerCpuPercent ?? '-'} %; database ${sample.databaseMb} MB; alarms ${alarms.found.length}`,
        )
        alarms.compare(await readStreams(weir.api), sample)
      }
      await run.pause(Math.min(pollMs, Math.max(0, endsAt - Date.now())))
    }
    await readNew()
    // What the log has by now has reached a subscriber soon after.
    await run.pause(2000)
    const last = await resources.sample(weir)
    alarms.compare(await readStreams(weir.api), last)

    const hours = (Date.now() - startedAt) / 3_600_000
    const trend = memoryTrend(resources.samples)
    const cpu = resources.samples.map(({ serverCpuPercent }) => serverCpuPercent ?? 0)
    return {
      rows: [
        { what: 'stream-hours', value: hours * names.size },
        { what: 'false alarms', value: alarms.found.length, bound: '0' },
        { what: 'server CPU, highest of 30 s, % of a core', value: Math.max(...cpu) },
        { what: 'server memory at the end, MB', value: last.serverMb ?? 'unknown' },
        {
          what: 'server memory, MB an hour',
          value: trend ? `${trend.mbPerHour} (${trend.fromMb} to ${trend.toMb})` : 'too short',
        },
        { what: 'database, MB', value: last.databaseMb },
        { what: 'FFmpeg processes', value: last.ffmpegs, bound: `${names.size}` },
        { what: 'zombies', value: last.zombies, bound: '0' },
        {
          what: 'events, told by subscription',
          value: `${logged.length}, ${subscriber.cursors.length}`,
          bound: 'each once',
        },
        { what: 'stalls of the machine above 0.5 s', value: lag.stalls.length },
        { what: "the farm's own faults", value: farm.log.entries.length - faultsBefore },
      ],
      broken: [...alarms.found.map((alarm) => alarms.sentence(alarm)), ...subscriber.differencesFrom(logged)],
      details: {
        minutes,
        noise: run.noise,
        sources: [...names.values()],
        alarms: alarms.found,
        resources: resources.samples,
        stalls: lag.stalls,
        subscriptionBreaks: subscriber.breaks,
        farm: farm.log.entries,
      },
    }
  },
}
