import { build } from 'esbuild'
import type { CDPSession, Page } from 'playwright-core'
import type { createClient } from '../../src/client/index.ts'
import type { PlayerStatus, Transport } from '../../src/client/watch/model.ts'
import type { Watch } from '../../src/client/watch/player.ts'
import type { Browser } from './chromium.ts'
import { until } from './until.ts'

declare global {
  interface Window {
    weir: { createClient: typeof createClient; loadMediasoup: () => Promise<never>; loadHls: () => Promise<never> }
    watched: Watch
    /** What the player has told, each with its time in ms since the epoch; the last 500. */
    told: { at: number; status: PlayerStatus }[]
    /** When each picture was shown, ms since the epoch; the last 2,000. */
    shownAt: number[]
  }
}

const page = '<!doctype html><title>watches</title><video muted playsinline width="320" height="240"></video>'

let bundle: Promise<string> | null = null

/** weir/client as a site would bundle it, with both libraries. */
function clientBundle(): Promise<string> {
  bundle ??= build({
    stdin: {
      contents: `
        export { createClient } from '../../src/client/index.ts'
        export const loadMediasoup = () => import('mediasoup-client')
        export const loadHls = async () => (await import('hls.js')).default`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'weir',
    target: 'es2022',
    logLevel: 'error',
  }).then(({ outputFiles }) => outputFiles[0]!.text)
  return bundle
}

export interface WatchingOptions {
  url: string
  key: string
  streamId: string
  transport: Transport
  clientId: string
}

/** A tab that plays one stream by weir/client's `watch`, as a site that uses it would, on the server's own origin. */
export class WatchingPage implements AsyncDisposable {
  readonly page: Page
  readonly #cdp: CDPSession

  private constructor(tab: Page, cdp: CDPSession) {
    this.page = tab
    this.#cdp = cdp
  }

  static async open(browser: Browser, options: WatchingOptions): Promise<WatchingPage> {
    const tab = await browser.page()
    const address = new URL('/watching', options.url).href
    await tab.route(address, (route) => route.fulfill({ contentType: 'text/html', body: page }))
    await tab.goto(address)
    await tab.addScriptTag({ content: await clientBundle() })
    await tab.evaluate(({ key, streamId, transport, clientId }) => {
      window.told = []
      window.shownAt = []
      const video = document.querySelector('video')!
      const shown = () => {
        window.shownAt.push(Date.now())
        if (window.shownAt.length > 2000) window.shownAt.shift()
        video.requestVideoFrameCallback(shown)
      }
      video.requestVideoFrameCallback(shown)
      const { createClient, loadMediasoup, loadHls } = window.weir
      const client = createClient({ key })
      const onStatus = (status: PlayerStatus) => {
        window.told.push({ at: Date.now(), status })
        if (window.told.length > 500) window.told.shift()
      }
      const transports = [transport]
      const how = { transports, loadMediasoup, loadHls, clientId, onStatus }
      window.watched = client.watch(streamId, video, how)
    }, options)
    return new WatchingPage(tab, await tab.context().newCDPSession(tab))
  }

  status(): Promise<PlayerStatus> {
    return this.page.evaluate(() => window.watched.status)
  }

  told(): Promise<{ at: number; status: PlayerStatus }[]> {
    return this.page.evaluate(() => window.told)
  }

  /** ms since the epoch; 0: none was shown. */
  lastShownAt(): Promise<number> {
    return this.page.evaluate(() => window.shownAt.at(-1) ?? 0)
  }

  /** Frames that the video element has decoded, whatever plays. */
  decodedFrames(): Promise<number> {
    return this.page.evaluate(() => document.querySelector('video')!.getVideoPlaybackQuality().totalVideoFrames)
  }

  /** Resolves with the status once it is so. */
  waitFor(what: string, isSo: (status: PlayerStatus) => boolean, timeoutMs = 40_000): Promise<PlayerStatus> {
    return until(
      what,
      async () => {
        const status = await this.status()
        return isSo(status) && status
      },
      { timeoutMs, everyMs: 50, explain: () => this.last },
    )
  }

  /** Plays: resolves with the status when pictures go on being decoded. */
  async plays(what = 'it plays'): Promise<PlayerStatus> {
    const from = await this.decodedFrames()
    await until(what, async () => (await this.decodedFrames()) >= from + 5 || this.note(), {
      timeoutMs: 40_000,
      everyMs: 50,
      explain: () => this.last,
    })
    return this.waitFor(what, ({ phase }) => phase === 'PLAYING')
  }

  /** The last status that was looked at, for what a broken test says. */
  last: PlayerStatus | null = null
  private async note(): Promise<false> {
    this.last = await this.status()
    return false
  }

  /**
   * As the browser does with a page that was in the background for long: nothing of it runs. There has to be another tab, which is in front.
   */
  async freeze(): Promise<void> {
    await letBeHidden(this.page)
    await this.#cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
  }

  async thaw(): Promise<void> {
    await this.#cdp.send('Page.setWebLifecycleState', { state: 'active' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close()
  }
}

/**
 * Playwright holds every tab visible, and the browser freezes none that is. Only the session by which Playwright itself speaks to the tab can undo
 * that, and it has no door for it.
 */
async function letBeHidden(tab: Page): Promise<void> {
  interface Inner {
    delegate: { _mainFrameSession: { _client: { send(method: string, params: object): Promise<unknown> } } }
  }
  const { _connection } = tab as unknown as { _connection: { toImpl(page: Page): Inner } }
  const { _client } = _connection.toImpl(tab).delegate._mainFrameSession
  await _client.send('Emulation.setFocusEmulationEnabled', { enabled: false })
}
