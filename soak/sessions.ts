import { setTimeout as pause } from 'node:timers/promises'
import { Browser } from '../test/support/chromium.ts'
import { seeded } from '../test/support/seeded.ts'
import { agreement } from '../test/support/session-agreement.ts'
import { SessionDriver, together } from '../test/support/session-model.ts'
import { SessionServer } from '../test/support/session-server.ts'
import { recvCapabilities } from '../test/support/signalled-player.ts'
import { adminKey } from '../test/support/weir.ts'
import type { Outcome, Part, Run } from './support/part.ts'
import { ResourceWatch } from './support/resources.ts'

const atATime = 16
const open = 2000

/** Sessions that come, behave at random and go, on one server; after each round all that knows of them has to agree. */
export const sessions: Part = {
  name: 'sessions',
  title: '2,000 sessions of mediasoup at a time, at random against a model (--minutes, 30)',
  async run(run: Run): Promise<Outcome> {
    await using stack = new AsyncDisposableStack()
    const seed = Date.now() % 1e9
    run.say(`SEED=${seed}`)
    const random = seeded(seed)
    const browser = stack.use(await Browser.launch())
    const server = stack.use(
      await SessionServer.start({
        HEARTBEAT_INTERVAL: '4',
        HEARTBEAT_TIMEOUT: '10',
        MAX_CONSUMERS: String(open + 100),
      }),
    )
    const { weir } = server
    const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }
    const { id: streamId } = await weir.liveStream({ name: 'Watched by many', source })
    const driver = new SessionDriver({ url: weir.url, adminKey, streamId, random })
    driver.rtpCapabilities = await recvCapabilities((await browser.player()).page, await driver.routerRtpCapabilities())
    const over = new AbortController()
    const beating = (async () => {
      while (!over.signal.aborted) {
        await driver.beatAll()
        await pause(2000, undefined, { signal: over.signal }).catch(() => {})
      }
    })()
    const broken: string[] = []
    const resources = new ResourceWatch()
    const endsAt = Date.now() + (run.minutes ?? 30) * 60_000
    let rounds = 0
    try {
      do {
        run.signal.throwIfAborted()
        const missing = open - driver.open().length
        const names = Array.from({ length: missing }, (_, i) => `player ${rounds} ${i}`)
        await together(names, atATime, async (name) => void (await driver.openOne(name)))
        await together(driver.open(), atATime, (session) => driver.act(session))
        await agreement(server, driver).catch((error: Error) => broken.push(`round ${rounds}: ${error.message}`))
        const { serverMb, workerMb } = await resources.sample(weir)
        const memory = `${serverMb} MB, workers ${workerMb} MB`
        run.say(`round ${rounds}: ${driver.open().length} open, ${driver.sessions.length} ever, ${memory}`)
        rounds += 1
      } while (Date.now() < endsAt && broken.length === 0)
    } finally {
      over.abort()
      await beating
    }
    return {
      rows: [
        { what: 'rounds', value: rounds },
        { what: 'sessions ever', value: driver.sessions.length },
        { what: 'memory after the first round, MB', value: resources.samples[0]?.serverMb ?? 0 },
        { what: 'memory after the last round, MB', value: resources.samples.at(-1)?.serverMb ?? 0 },
      ],
      broken,
      details: { seed, done: Object.fromEntries(driver.done), resources: resources.samples },
    }
  },
}
