import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { Cluster } from '../support/cluster.ts'
import { until } from '../support/until.ts'
import { adminKey } from '../support/weir.ts'

let cluster: Cluster
const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }
const other: Record<string, string> = { one: 'two', two: 'one' }

beforeAll(async () => {
  cluster = await Cluster.start(['one', 'two'])
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

async function nodeOf(through: string): Promise<string[]> {
  return (await cluster.streams(through)).map(({ mediaNode }) => mediaNode!.name)
}

test('two nodes share the streams by load', async () => {
  for (let i = 0; i < 4; i++) {
    await cluster.node('one').createStream({ name: `Pattern ${i}`, source, start: true })
    await cluster.allLive('one', null)
  }
  expect((await nodeOf('two')).sort()).toEqual(['one', 'one', 'two', 'two'])
})

test('any node shows what another runs: figures, WHEP, HLS, and the end of a session', async () => {
  const remote = (await cluster.streams('one')).find(({ mediaNode }) => mediaNode!.name === 'two')!
  const { url } = cluster.node('one')
  expect(
    cluster
      .node('two')
      .ffmpegs()
      .map(({ pid }) => pid),
  ).toContain(remote.process!.pid)
  await using browser = await Browser.launch()
  await using player = await browser.player()
  const { sessionUrl } = await player.playWhep(`${url}/whep/${remote.id}`)
  await player.waitForFrames(10)
  const watched = (await cluster.streams('one')).find(({ id }) => id === remote.id)
  expect(watched!.consumerCounts).toEqual({ active: 1 })
  // Candidates go through the same node, and so does the end, as often as it is said; after it there is nothing to be changed.
  const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' }
  const restart = `a=ice-ufrag:anew\r\na=ice-pwd:${'p'.repeat(24)}\r\n`
  const patch = () => fetch(sessionUrl!, { method: 'PATCH', headers, body: restart })
  expect((await patch()).status).toBe(200)
  for (let i = 0; i < 2; i++) expect((await fetch(sessionUrl!, { method: 'DELETE' })).status).toBe(200)
  expect((await patch()).status).toBe(404)

  await using hls = await browser.player()
  await hls.playHls(`${url}/hls/${remote.id}/index.m3u8`)
  await hls.waitForPicture(10)
  const playlist = await (await fetch(`${url}/hls/${remote.id}/index.m3u8`)).text()
  const segment = playlist.split('\n').find((line) => line.endsWith('.m4s'))!
  const part = await fetch(`${url}/hls/${remote.id}/${segment}`, { headers: { range: 'bytes=4-7' } })
  expect([part.status, await part.text()]).toEqual([206, 'styp'])
})

test('what nodes ask of one another is for nobody else', async () => {
  for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: `Bearer ${adminKey}` }]) {
    for (const path of ['/internal/call/figures', '/internal/hls/x/1/1/init.mp4', '/internal/nothing']) {
      expect((await fetch(cluster.node('one').url + path, { method: 'POST', headers })).status).toBe(401)
    }
  }
})

test('a drained node hands its streams over with a gap of at most 3 s, and takes nothing new', async () => {
  const moved = (await cluster.streams('one')).filter(({ mediaNode }) => mediaNode!.name === 'one')
  const pids = moved.map(({ process }) => process!.pid!)
  const goneAt = new Map<number, number>()
  await cluster.drain('one', true)
  const watched = until('its FFmpegs have ended', () => {
    const running = cluster
      .node('one')
      .ffmpegs()
      .map(({ pid }) => pid)
    for (const pid of pids) if (!running.includes(pid) && !goneAt.has(pid)) goneAt.set(pid, Date.now())
    return goneAt.size === pids.length
  })
  await Promise.all([watched, cluster.allLive('two', 'two')])
  const gapsMs: number[] = []
  for (const { id, process } of moved) {
    const events = await cluster.node('two').events(id, 'stream.state_changed')
    const live = events.filter(({ data }) => data.to === 'LIVE').at(-1)!
    gapsMs.push(live.at - goneAt.get(process!.pid!)!)
  }
  console.info('gap of a handed over stream, ms:', gapsMs)
  // The 3 s are the requirement itself.
  expect(gapsMs.length).toBeGreaterThan(0)
  expect(Math.max(...gapsMs)).toBeLessThan(3000)
  const id = await cluster.node('one').createStream({ name: 'New', source, start: true })
  expect((await cluster.allLive('one', 'two')).some((stream) => stream.id === id)).toBe(true)

  // Nobody else takes them now: it keeps them, whatever was ordered.
  await cluster.drain('two', true)
  await pause(3000)
  expect(new Set(await nodeOf('one'))).toEqual(new Set(['two']))
  await cluster.node('one').deleteStream(id)
  await cluster.drain('one', false)
  await cluster.allLive('one', 'one')
  await cluster.drain('two', false)
})

test('a node that is stopped in order hands its streams over with a gap of at most 3 s', async () => {
  const [stopped] = await nodeOf('one')
  const left = other[stopped!]!
  const moved = (await cluster.streams(left)).filter(({ mediaNode }) => mediaNode!.name === stopped)
  const exited = cluster.node(stopped!).end('SIGTERM')
  await cluster.allLive(left, left)
  expect((await exited).code).toBe(0)
  const gapsMs = await Promise.all(
    moved.map(async ({ id }) => {
      const [given, taken] = await until('both are told', async () => {
        const events = await cluster.node(left).events(id, 'stream.state_changed')
        const from = events.findLastIndex(({ data }) => data.cause === 'NODE_LOST')
        const live = events.slice(from).find(({ data }) => data.to === 'LIVE')
        return from >= 0 && live && [events[from], live]
      })
      return taken!.at - given!.at
    }),
  )
  console.info('gap when its node was stopped, ms:', gapsMs)
  expect(gapsMs.length).toBeGreaterThan(0)
  expect(Math.max(...gapsMs)).toBeLessThan(3000)
  expect((await cluster.mediaNode(left, stopped!)).status).toBe('UNKNOWN')
  await cluster.node(stopped!).start()
})

test('a killed node: its streams are live on the other within 15 s, five times', { timeout: 200_000 }, async () => {
  const tookMs: number[] = []
  for (let round = 0; round < 5; round++) {
    const [dead] = await nodeOf('one')
    const left = other[dead!]!
    await cluster.node(dead!).end('SIGKILL')
    const killedAt = Date.now()
    const recovering = until('the dead node is told of', async () =>
      (await cluster.streams(left)).some(({ stateCause }) => stateCause === 'NODE_LOST'),
    )
    await cluster.allLive(left, left)
    tookMs.push(Date.now() - killedAt)
    await recovering.catch(() => null)
    await cluster.node(dead!).start()
  }
  console.info('live on the other node after ms:', tookMs)
  // The 15 s are the requirement itself.
  expect(Math.max(...tookMs)).toBeLessThan(15_000)
})

test('a node that was asleep has lost its leases: it ends its FFmpeg within 1 s and writes nothing', async () => {
  const endedMs: number[] = []
  for (let round = 0; round < 5; round++) {
    const [asleep] = await nodeOf('one')
    const awake = other[asleep!]!
    const sleeper = cluster.node(asleep!)
    process.kill(sleeper.pid, 'SIGSTOP')
    const before = await cluster.allLive(awake, awake)
    const pids = sleeper.ffmpegs().map(({ pid }) => pid)
    expect(pids.length).toBeGreaterThan(0)
    process.kill(sleeper.pid, 'SIGCONT')
    const wokenAt = performance.now()
    await until('its FFmpegs are gone', () => !sleeper.ffmpegs().some(({ pid }) => pids.includes(pid)), { everyMs: 10 })
    endedMs.push(Math.round(performance.now() - wokenAt))
    await until('it answers again', () => cluster.streams(asleep!).catch(() => null))
    await pause(1000)
    expect(await cluster.streams(awake)).toEqual(before)
  }
  console.info('FFmpeg gone ms after waking:', endedMs)
  // The second is the requirement itself.
  expect(Math.max(...endedMs)).toBeLessThan(1000)
})
