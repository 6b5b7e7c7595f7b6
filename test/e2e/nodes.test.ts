import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cluster } from '../support/cluster.ts'
import { until } from '../support/until.ts'

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

test('a killed node: its streams are live on the other within 15 s, five times', { timeout: 200_000 }, async () => {
  const tookMs: number[] = []
  for (let round = 0; round < 5; round++) {
    const dead = round % 2 === 0 ? 'one' : 'two'
    const left = other[dead]!
    await cluster.node(dead).end('SIGKILL')
    const killedAt = Date.now()
    const recovering = until('the dead node is told of', async () =>
      (await cluster.streams(left)).some(({ stateCause }) => stateCause === 'NODE_LOST'),
    )
    await cluster.allLive(left, left)
    tookMs.push(Date.now() - killedAt)
    await recovering.catch(() => null)
    await cluster.node(dead).start()
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
