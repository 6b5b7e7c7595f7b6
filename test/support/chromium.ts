import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { installPagePlayer, type PlayerStats } from './page-player.ts'

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

const blankPage = '<!doctype html><title>player</title><video muted playsinline width="640" height="360"></video>'

/** One headless Chromium with a folder of its own, gone when it is disposed, and a server of its own for the bare player's page. */
export class Browser implements AsyncDisposable {
  readonly #context: BrowserContext
  readonly #folder: string
  readonly #pages: Server

  private constructor(context: BrowserContext, folder: string, pages: Server) {
    this.#context = context
    this.#folder = folder
    this.#pages = pages
  }

  static async launch(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-chromium-'))
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: chromiumPath,
      headless: true,
      args: chromiumArguments,
      viewport: { width: 1280, height: 800 },
    })
    const pages = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(blankPage)
    }).listen(0, '127.0.0.1')
    await once(pages, 'listening')
    return new Browser(context, folder, pages)
  }

  /** A tab as it comes, for our own pages. */
  page(): Promise<Page> {
    return this.#context.newPage()
  }

  /**
   * A tab with a bare player; by default on an origin that is not Weir's own, as a player on somebody else's site is. With
   * `sameOriginAs` it has the origin of that URL: the browser is handed the page by interception, nothing needs to serve it.
   */
  async player(sameOriginAs?: string): Promise<Player> {
    const page = await this.page()
    const { port } = this.#pages.address() as AddressInfo
    const address = new URL('/bare-player', sameOriginAs ?? `http://127.0.0.1:${port}`).href
    if (sameOriginAs) await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: blankPage }))
    await page.goto(address)
    await page.evaluate(installPagePlayer)
    return new Player(page)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close()
    this.#pages.close()
    this.#pages.closeAllConnections()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A tab that plays one stream with nothing but the browser's own RTCPeerConnection and fetch, or with hls.js. */
export class Player implements AsyncDisposable {
  readonly page: Page
  #blackhole: ReturnType<typeof createSocket> | null = null

  constructor(page: Page) {
    this.page = page
  }

  /** Sends the WHEP offer and takes the answer. With `udpDropped` the server's UDP candidates lead to a port that never answers. */
  async playWhep(whepUrl: string, { udpDropped = false } = {}): Promise<{ sessionUrl: string | null; answer: string }> {
    const udpBlackholePort = udpDropped ? await this.#openBlackhole() : undefined
    return this.page.evaluate(
      ({ whepUrl, port }) => window.player.playWhep(whepUrl, port === null ? {} : { udpBlackholePort: port }),
      { whepUrl, port: udpBlackholePort ?? null },
    )
  }

  async #openBlackhole(): Promise<number> {
    this.#blackhole = createSocket('udp4').bind(0, '127.0.0.1')
    await once(this.#blackhole, 'listening')
    return this.#blackhole.address().port
  }

  /** Plays with hls.js; resolves when the video plays. */
  async playHls(url: string): Promise<void> {
    const library = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js')
    await this.page.addScriptTag({ content: await readFile(library, 'utf8') })
    await this.page.evaluate((url) => window.player.playHls(url), url)
  }

  stats(): Promise<PlayerStats> {
    return this.page.evaluate(() => window.player.stats())
  }

  /** Resolves with the figures when `more` frames have been decoded beyond those at the call. `timeoutMs` only keeps a broken test from hanging. */
  async waitForFrames(more: number, timeoutMs = 30_000): Promise<PlayerStats> {
    const from = (await this.stats()).video?.framesDecoded ?? 0
    return this.waitForStats((stats) => (stats.video?.framesDecoded ?? 0) >= from + more, timeoutMs)
  }

  /** Resolves with the figures when they are as wanted. Asked from outside: waitForFunction takes the promise of an async predicate for a yes. */
  async waitForStats(wanted: (stats: PlayerStats) => boolean, timeoutMs = 30_000): Promise<PlayerStats> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const stats = await this.stats()
      if (wanted(stats)) return stats
      if (Date.now() > deadline) throw new Error(`The player did not get there: ${JSON.stringify(stats)}`)
      await this.page.waitForTimeout(50)
    }
  }

  /** Resolves when sound (not only packets of silence) has been played. */
  async waitForSound(timeoutMs = 30_000): Promise<void> {
    const isHeard = async () => ((await window.player.stats()).audio?.audioEnergy ?? 0) > 0.001
    await this.page.waitForFunction(isHeard, undefined, { timeout: timeoutMs, polling: 50 })
  }

  /** Resolves when the video element has decoded `more` frames beyond those at the call, whatever plays. */
  async waitForPicture(more: number, timeoutMs = 30_000): Promise<void> {
    const from = await this.page.evaluate(() => window.player.decodedFrames())
    await this.page.waitForFunction((target) => window.player.decodedFrames() >= target, from + more, {
      timeout: timeoutMs,
      polling: 50,
    })
  }

  /** When each frame was shown, ms since the epoch. */
  frameTimes(): Promise<number[]> {
    return this.page.evaluate(() => window.player.frameTimes)
  }

  fatalErrors(): Promise<string[]> {
    return this.page.evaluate(() => window.player.fatalErrors)
  }

  /** Mean difference of a pixel's luminance (0 to 255) between two moments that are `frames` decoded frames apart. 0 is a picture that stands still. */
  change(frames = 10): Promise<number> {
    return this.page.evaluate((frames) => window.player.change(frames), frames)
  }

  screenshot(path: string): Promise<Buffer> {
    return this.page.screenshot({ path })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#blackhole?.close()
    await this.page.close()
  }
}

/** The longest time between two frames shown from `from` on, and when the pause ended; null where fewer than two were shown. */
export function longestPause(frameTimes: number[], from = 0): { ms: number; endedAt: number } | null {
  const times = frameTimes.filter((at) => at >= from)
  let longest: { ms: number; endedAt: number } | null = null
  for (let i = 1; i < times.length; i += 1) {
    const ms = times[i]! - times[i - 1]!
    if (!longest || ms > longest.ms) longest = { ms, endedAt: times[i]! }
  }
  return longest
}
