import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { Cluster } from '../support/cluster.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let browser: Browser
const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }
const awayMs = 20_000

beforeAll(async () => {
  ;[cluster, browser] = await Promise.all([Cluster.start(['one', 'two']), Browser.launch()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
})

test('the database is away for 20 s: streams flow, the API says so within 2 s, and all is right within 10 s of its return', async () => {
  const [one, two] = [cluster.node('one'), cluster.node('two')]
  for (let i = 0; i < 4; i++) await one.createStream({ name: `Pattern ${i}`, source, start: true })
  const before = await cluster.allLive('one', null)
  const hurt = before.find(({ mediaNode }) => mediaNode!.name === 'one')!
  const watched = before.find(({ mediaNode }) => mediaNode!.name === 'two')!
  await using player = await browser.player()
  await player.playWhep(`${two.url}/whep/${watched.id}`)
  await player.waitForFrames(10)

  // Acknowledged just before: it has to be carried out after.
  const ordered = await one.createStream({ name: 'Ordered', source })
  await one.startStream(ordered)
  await cluster.database.halt()
  const haltedAt = Date.now()
  process.kill(hurt.process!.pid!, 'SIGKILL')
  const answeredMs: number[] = []
  while (Date.now() - haltedAt < awayMs) {
    const askedAt = performance.now()
    const refused = await one.stream(hurt.id).catch((error: unknown) => error)
    answeredMs.push(Math.round(performance.now() - askedAt))
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).toContain('UNAVAILABLE')
    await expect(one.createStream({ name: 'Refused', source })).rejects.toThrow()
    await player.waitForFrames(5).catch((error: unknown) => {
      throw new Error(`${error}\n${two.logTail(40)}`)
    })
    await pause(500)
  }
  expect(one.ffmpegs().some(({ pid }) => pid === hurt.process!.pid)).toBe(false)
  const spool = join(one.dataDir, 'spool', 'observed.jsonl')
  expect(await readFile(spool, 'utf8')).toContain(hurt.id)

  await cluster.database.resume()
  const backAt = Date.now()
  const answers = () =>
    one.stream(hurt.id).then(
      () => true,
      () => false,
    )
  await until('the API answers again', answers, { timeoutMs: 10_000 })
  // Connections that have died are noticed one by one, until each has been used.
  const after = await until('all are live', () => cluster.allLive('one', null).catch(() => null), { timeoutMs: 20_000 })
  await until('the spool is empty', async () => (await readFile(spool, 'utf8')) === '')
  // What happened meanwhile is told, with its own times.
  const told = async () => {
    const events = await one.events(hurt.id, 'stream.state_changed', 'stream.recovery_attempted')
    return events.filter(({ at }) => at >= haltedAt - 500 && at < backAt)
  }
  await until('what happened is in the log', async () => (await told()).length >= 3, { explain: told })
  const rightMs = Date.now() - backAt
  console.info('answers while away, ms:', Math.max(...answeredMs), 'right after its return, ms:', rightMs)
  expect(after.find(({ id }) => id === ordered)).toMatchObject({ state: 'LIVE' })
  for (const stream of before) {
    const now = after.find(({ id }) => id === stream.id)!
    expect(now.mediaNode).toEqual(stream.mediaNode)
    if (stream.id !== hurt.id) expect(now.process).toEqual(stream.process)
  }
  const names = (await told()).map(({ type, data }) => data.to ?? type)
  expect(names).toEqual(['stream.recovery_attempted', 'RECOVERING', 'LIVE'])
  expect(after).toHaveLength(before.length + 1)
  // The bounds are the requirement itself.
  expect(Math.max(...answeredMs)).toBeLessThan(2000)
  expect(rightMs).toBeLessThan(10_000)
})
