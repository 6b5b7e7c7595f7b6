import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, type Player } from '../support/chromium.ts'
import { seeded } from '../support/seeded.ts'
import { SessionDriver } from '../support/session-model.ts'
import { SessionServer } from '../support/session-server.ts'
import { recvCapabilities } from '../support/signalled-player.ts'
import { until } from '../support/until.ts'
import { adminKey } from '../support/weir.ts'

const timeoutMs = 3000
/** How long the server, or its database, stands still. */
const stillMs = 5000

let server: SessionServer
let browser: Browser
let driver: SessionDriver
let player: Player
const over = new AbortController()
let beating: Promise<void>

beforeAll(async () => {
  ;[server, browser] = await Promise.all([
    SessionServer.start({ HEARTBEAT_INTERVAL: '1', HEARTBEAT_TIMEOUT: String(timeoutMs / 1000) }),
    Browser.launch(),
  ])
  const { weir } = server
  const source = { testPattern: { width: 320, height: 240 } }
  const { id: streamId, playback } = await weir.liveStream({ name: 'Watched', source })
  player = await browser.player()
  await player.playWhep(playback!.whepUrl!)
  await player.waitForFrames(5)
  driver = new SessionDriver({ url: weir.url, adminKey, streamId, random: seeded(1) })
  driver.rtpCapabilities = await recvCapabilities(player.page, await driver.routerRtpCapabilities())
  beating = (async () => {
    while (!over.signal.aborted) {
      // While the server or its database is away a heartbeat is lost, as a player's would be.
      await driver.beatAll().catch(() => {})
      await pause(700, undefined, { signal: over.signal }).catch(() => {})
    }
  })()
  for (let i = 0; i < 10; i++) await driver.openOne(`player ${i}`)
})
afterAll(async () => {
  over.abort()
  await beating
  await browser?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** Nobody was closed, though the sweep works: one that sends nothing any more is closed, and nobody else. */
async function nobodyElseIsClosed(): Promise<void> {
  const gone = await until('a session can be opened', () => driver.openOne('goes').catch(() => null))
  gone.vanished = true
  await until('who went is closed', async () => !(await server.open()).rows.includes(gone.id))
  gone.closed = { reason: 'HEARTBEAT_TIMEOUT', message: null }
  // One more is the WHEP player's.
  const { rows } = await server.open()
  expect(rows.filter((id) => driver.sessions.some((session) => session.id === id)).sort()).toEqual(
    driver
      .open()
      .map(({ id }) => id)
      .sort(),
  )
  expect(rows).toHaveLength(driver.open().length + 1)
  const closings = await server.closings()
  for (const { id } of driver.open()) expect(closings.get(id)).toBeUndefined()
  await player.waitForFrames(5)
}

test('the server stands still for longer than the time-out: nobody is closed for it', async () => {
  process.kill(server.weir.pid, 'SIGSTOP')
  try {
    await pause(stillMs)
  } finally {
    process.kill(server.weir.pid, 'SIGCONT')
  }
  await nobodyElseIsClosed()
})

test('the database is away for longer than the time-out: nobody is closed for it, and pictures flow', async () => {
  await server.database.halt()
  try {
    const until = Date.now() + stillMs
    while (Date.now() < until) await player.waitForFrames(10)
  } finally {
    await server.database.resume()
  }
  await nobodyElseIsClosed()
})
