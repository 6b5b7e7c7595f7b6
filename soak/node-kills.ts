import postgres from 'postgres'
import { TypedDocumentString } from '../src/client/generated/graphql.ts'
import { Browser } from '../test/support/chromium.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { type ProcessEntry, readProcess } from '../test/support/processes.ts'
import { until } from '../test/support/until.ts'
import { Weir } from '../test/support/weir.ts'
import { FarmLog } from './farm/log.ts'
import { EventFeed } from './support/feed.ts'
import { timesOf } from './support/figures.ts'
import { isThere, newestSegment } from './support/hls-reader.ts'
import type { Outcome, Part, Run } from './support/part.ts'
import { zombies } from './support/resources.ts'
import { cameras, patterns } from './support/small-sources.ts'
import { Viewers } from './support/viewers.ts'

const liveBoundMs = 15_000
const endBoundMs = 1000
const giveUpMs = 60_000
const asleepMs = 30_000
/** So long after it woke up, nothing that it writes may be seen. */
const afterMs = 10_000

const placesQuery = new TypedDocumentString<
  {
    streams: {
      nodes: {
        id: string
        name: string
        state: string
        mediaNode: { id: string; name: string } | null
        playback: { whepUrl: string | null; hlsUrl: string | null } | null
      }[]
    }
  },
  Record<string, never>
>(`
  query SoakPlaces { streams(first: 100) { nodes { id name state mediaNode { id name } playback { whepUrl hlsUrl } } } }
`)

interface Takeover {
  stream: string
  how: 'SIGKILL' | 'SIGSTOP'
  at: string
  /** Until the other node says that it is LIVE there; null where that did not come. */
  liveMs: number | null
  /** Until a viewer that asks there decoded its first picture. */
  pictureMs: number | null
  /** Until a segment that was made there could be had from it, and until the next one. */
  segmentMs: number | null
  nextSegmentMs: number | null
}

/** Two servers on one PostgreSQL; one is killed or put to sleep, and the other takes over. */
export const nodeKills: Part = {
  name: 'node-kills',
  title: 'A node of two: killed 20 times, asleep for 30 s 10 times (--kills, --pauses)',
  async run(run: Run): Promise<Outcome> {
    await using stack = new AsyncDisposableStack()
    const database = await startPostgresServer()
    stack.defer(() => database.stop())
    const admin = postgres(`${database.url}postgres`, { max: 1 })
    await admin.unsafe('create database soak')
    await admin.end()
    const farm = new FarmLog()
    const viewers = new Viewers(stack.use(await Browser.launch()), Number.POSITIVE_INFINITY)
    const count = run.streams ?? 8
    const sources = [...(await cameras(count >> 1, farm, stack)), ...patterns(count - (count >> 1))]
    const node = async (name: string, ffmpegPorts: string, mediasoupPorts: string) =>
      stack.use(
        await Weir.start({
          env: {
            DATABASE_URL: `${database.url}soak`,
            NODE_NAME: name,
            FFMPEG_PORT_RANGE: ffmpegPorts,
            MEDIASOUP_PORT_RANGE: mediasoupPorts,
          },
        }),
      )
    // One after the other: the first makes the tables.
    const nodes: [Node, Node] = [
      { name: 'one', weir: await node('one', '20000-22999', '26000-28999') },
      { name: 'two', weir: await node('two', '23000-25999', '29000-31999') },
    ]
    for (const [at, { name, source }] of sources.entries()) {
      await nodes[at % 2]!.weir.createStream({ name, source, start: true })
    }
    await allLive(nodes[0].weir, count)
    const shares = await sharesOf(nodes[0].weir)
    run.say(`${count} streams: ${shares}`)

    const takeovers: Takeover[] = []
    const ends: number[] = []
    const broken: string[] = []
    const kills = run.kills ?? 20
    const pauses = run.pauses ?? 10
    if (shares.split(', ').length < 2) broken.push(`not shared at the start: ${shares}`)

    for (let round = 0; round < kills + pauses; round += 1) {
      run.signal.throwIfAborted()
      const how = round < kills ? 'SIGKILL' : 'SIGSTOP'
      const [victim, other] = await victimFirst(nodes)
      const theirs = (await places(other.weir)).filter(({ mediaNode }) => mediaNode?.name === victim.name)
      const ffmpegs = victim.weir.ffmpegs()
      const newest = new Map<string, string | null>()
      for (const { id, playback } of theirs)
        newest.set(id, playback?.hlsUrl ? await newestSegment(playback.hlsUrl) : null)
      const at = Date.now()
      if (how === 'SIGKILL') await victim.weir.end('SIGKILL')
      else process.kill(victim.weir.pid, 'SIGSTOP')
      let found: Takeover[]
      try {
        found = await Promise.all(
          theirs.map((stream) => takeover(stream, newest.get(stream.id) ?? null, { other, viewers, how, at, run })),
        )
        takeovers.push(...found)
        if (how === 'SIGSTOP') await run.pause(Math.max(0, at + asleepMs - Date.now()))
      } finally {
        if (how === 'SIGSTOP') process.kill(victim.weir.pid, 'SIGCONT')
      }
      run.say(
        `${round + 1}: ${how} of ${victim.name} with ${theirs.length} streams: ${found.map(timesShown).join(', ')}`,
      )
      if (how === 'SIGSTOP') {
        const endedMs = await untilEnded(ffmpegs, Date.now())
        ends.push(endedMs ?? giveUpMs)
        run.say(
          `   its ${ffmpegs.length} FFmpegs have ended ${endedMs === null ? 'not' : `${endedMs} ms`} after SIGCONT`,
        )
        broken.push(...(await writtenByTheWoken(victim, other, Date.now(), run)))
      } else {
        await run.pause(1000)
        const orphans = victim.weir.ffmpegs()
        if (orphans.length > 0) broken.push(`${orphans.length} FFmpegs outlived their killed node by a second`)
        await victim.weir.start()
      }
      await allLive(other.weir, count).catch(() => broken.push(`round ${round + 1}: not all are LIVE after a minute`))
    }

    const running = nodes.flatMap(({ weir }) => weir.ffmpegs()).length
    if (running !== count) broken.push(`${running} FFmpegs for ${count} streams`)
    const unreaped = nodes.flatMap(({ weir }) => zombies(weir.pid)).length
    if (unreaped > 0) broken.push(`${unreaped} zombies`)
    const events = await new EventFeed().read(nodes[0].weir.api)
    const never = takeovers.filter(({ pictureMs, nextSegmentMs }) => pictureMs === null || nextSegmentMs === null)
    broken.push(...never.map(({ stream, at, how }) => `${stream}: not taken over after ${how} at ${at}`))
    const of = (how: Takeover['how'], what: 'liveMs' | 'pictureMs' | 'segmentMs') =>
      takeovers.filter((one) => one.how === how).flatMap((one) => one[what] ?? [])
    const figures = [
      ...(kills > 0
        ? [
            timesOf('killed: LIVE on the other', of('SIGKILL', 'liveMs'), liveBoundMs),
            timesOf('killed: first picture from the other', of('SIGKILL', 'pictureMs'), liveBoundMs),
            // A segment takes its own length to be made: no bound of its own.
            timesOf('killed: first segment from the other', of('SIGKILL', 'segmentMs'), null),
          ]
        : []),
      ...(pauses > 0
        ? [
            timesOf('asleep: LIVE on the other', of('SIGSTOP', 'liveMs'), liveBoundMs),
            timesOf('asleep: first picture from the other', of('SIGSTOP', 'pictureMs'), liveBoundMs),
            timesOf('awake again: its FFmpegs have ended', ends, endBoundMs),
          ]
        : []),
    ]
    return {
      rows: [
        { what: 'kills, pauses', value: `${kills}, ${pauses}` },
        ...figures.flatMap(({ rows }) => rows),
        { what: 'never taken over', value: never.length, bound: '0' },
        { what: 'FFmpegs at the end', value: running, bound: `${count}` },
        { what: 'zombies', value: unreaped, bound: '0' },
      ],
      broken: [...broken, ...figures.flatMap((figure) => figure.broken)],
      details: { takeovers, ends, events: events.filter(({ type }) => /state_changed|node/.test(type)).slice(-2000) },
    }
  },
}

interface Node {
  name: string
  weir: Weir
}

/** What was done to a node, and who is to take over. */
interface Blow {
  other: Node
  viewers: Viewers
  how: Takeover['how']
  at: number
  run: Run
}

async function places(weir: Weir) {
  return (await weir.api.request(placesQuery, {})).streams.nodes
}

function allLive(weir: Weir, count: number): Promise<unknown> {
  const areLive = async () => {
    const found = await places(weir)
    return found.length === count && found.every(({ state, mediaNode }) => state === 'LIVE' && mediaNode !== null)
  }
  return until('all streams are LIVE', areLive, {
    timeoutMs: giveUpMs,
    everyMs: 300,
    explain: () => weir.lines.slice(-20),
  })
}

async function sharesOf(weir: Weir): Promise<string> {
  const held = Object.groupBy(await places(weir), ({ mediaNode }) => mediaNode?.name ?? 'nobody')
  return Object.entries(held)
    .map(([name, streams]) => `${name} has ${streams?.length}`)
    .join(', ')
}

/** The node that runs more is the one to be hit. */
async function victimFirst([one, two]: [Node, Node]): Promise<[Node, Node]> {
  const found = await places(one.weir)
  const held = ({ name }: Node) => found.filter(({ mediaNode }) => mediaNode?.name === name).length
  return held(one) >= held(two) ? [one, two] : [two, one]
}

async function takeover(
  { id, name }: { id: string; name: string },
  segmentBefore: string | null,
  { other, viewers, how, at, run }: Blow,
): Promise<Takeover> {
  const found: Takeover = {
    ...{ stream: name, how, at: new Date(at).toISOString() },
    ...{ liveMs: null, pictureMs: null, segmentMs: null, nextSegmentMs: null },
  }
  const since = () => Date.now() - at
  const hasIt = async () => {
    const stream = (await places(other.weir)).find((one) => one.id === id)
    return stream?.state === 'LIVE' && stream.mediaNode?.name === other.name ? stream : null
  }
  let stream = await hasIt()
  while (!stream && since() < giveUpMs) {
    await run.pause(200)
    stream = await hasIt()
  }
  if (!stream?.playback) return found
  found.liveMs = since()
  const { whepUrl, hlsUrl } = stream.playback

  const picture = async () => {
    // Refused ones ask again, as players do.
    let viewer = await viewers.play(whepUrl!).catch(() => null)
    while (!viewer && since() < giveUpMs) {
      await run.pause(100)
      viewer = await viewers.play(whepUrl!).catch(() => null)
    }
    if (!viewer) return
    while (found.pictureMs === null && since() < giveUpMs) {
      if ((await viewer.framesDecoded()) > 0) found.pictureMs = since()
      else await run.pause(50)
    }
    await viewer.close()
  }
  const segments = async () => {
    let last = segmentBefore && new URL(segmentBefore).pathname
    while (found.nextSegmentMs === null && since() < giveUpMs) {
      const newest = await newestSegment(hlsUrl!)
      if (newest && new URL(newest).pathname !== last && (await isThere(newest))) {
        last = new URL(newest).pathname
        if (found.segmentMs === null) found.segmentMs = since()
        else found.nextSegmentMs = since()
      }
      await run.pause(250)
    }
  }
  await Promise.all([picture(), segments()])
  return found
}

/** LIVE, first picture, first segment. */
function timesShown({ liveMs, pictureMs, segmentMs }: Takeover): string {
  return `${[liveMs, pictureMs, segmentMs].map((ms) => ms ?? 'never').join('/')} ms`
}

/** How long after `from` none of them ran any more; null after a minute. A pid that was given anew is another process. */
async function untilEnded(processes: readonly ProcessEntry[], from: number): Promise<number | null> {
  const runs = ({ pid, startedMs }: ProcessEntry) => {
    const now = readProcess(pid)
    return now !== null && now.startedMs === startedMs && now.state !== 'Z'
  }
  const ended = until('they have ended', () => !processes.some(runs), { timeoutMs: giveUpMs, everyMs: 10 })
  return ended.then(
    () => Date.now() - from,
    () => null,
  )
}

/** Watches for a while that no stream goes back to the node that lost it, by list and by log. */
async function writtenByTheWoken(victim: Node, other: Node, wokenAt: number, run: Run): Promise<string[]> {
  const owned = new Map((await places(other.weir)).map(({ id, mediaNode }) => [id, mediaNode]))
  const found = new Set<string>()
  while (Date.now() - wokenAt < afterMs) {
    for (const { id, name, state, mediaNode } of await places(other.weir)) {
      if (mediaNode?.id !== owned.get(id)?.id)
        found.add(`${name} went to ${mediaNode?.name ?? 'nobody'} after ${victim.name} woke up`)
      if (state !== 'LIVE') found.add(`${name} was ${state} after ${victim.name} woke up`)
    }
    await run.pause(200)
  }
  const stolen = new Set([...owned].filter(([, node]) => node?.name === other.name).map(([id]) => id))
  for (const { type, at, subjectId, data } of await new EventFeed().read(other.weir.api)) {
    const isStale = at >= wokenAt - 1000 && type === 'stream.state_changed' && stolen.has(subjectId ?? '')
    if (isStale) found.add(`${subjectId}: ${data.from} to ${data.to} was written after ${victim.name} woke up`)
  }
  return [...found]
}
