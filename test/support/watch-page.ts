import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import type { Page } from 'playwright-core'
import type { PlayerStatus, Transport, Watch } from '../../src/client/index.ts'
import type { Browser } from './chromium.ts'
import { until } from './until.ts'

declare global {
  interface Window {
    watch: Watch
  }
}

const examples = fileURLToPath(new URL('../../examples', import.meta.url))

/** examples/watch.html on a site of its own, bundled as that site would do it: with the client as it was built. */
export interface WatchSite extends AsyncDisposable {
  /** A page that plays a stream; `key` null is without one. */
  open(
    browser: Browser,
    asked: { url: string; stream: string; key: string | null; by?: Transport[] },
  ): Promise<WatchPage>
}

export interface WatchPage {
  page: Page
  status(): Promise<PlayerStatus>
  /** Resolves with the status once it is so. */
  until(what: string, isSo: (status: PlayerStatus) => boolean, timeoutMs?: number): Promise<PlayerStatus>
  /** Resolves when so many more frames have been decoded in this attempt. */
  untilPlays(more?: number): Promise<PlayerStatus>
}

export async function startWatchSite(): Promise<WatchSite> {
  const bundler = await esbuild.context({
    absWorkingDir: examples,
    entryPoints: ['watch.js'],
    outdir: examples,
    bundle: true,
    format: 'esm',
    splitting: true,
    write: false,
    logLevel: 'silent',
  })
  const { port } = await bundler.serve({ host: '127.0.0.1', port: 0, servedir: examples })
  return {
    async open(browser, { url, stream, key, by }) {
      const page = await browser.page()
      const asked = new URLSearchParams({ url, stream, ...(key ? { key } : {}), ...(by ? { by: by.join(',') } : {}) })
      await page.goto(`http://127.0.0.1:${port}/watch.html#${asked}`)
      await page.waitForFunction(() => window.watch !== undefined)
      const status = () => page.evaluate(() => window.watch.status)
      const wait = async (what: string, isSo: (status: PlayerStatus) => boolean, timeoutMs = 60_000) => {
        let last: PlayerStatus | null = null
        return until(
          what,
          async () => {
            last = await status()
            return isSo(last) && last
          },
          { timeoutMs, everyMs: 50, explain: () => last },
        )
      }
      return {
        page,
        status,
        until: wait,
        async untilPlays(more = 50) {
          const from = await wait(
            'it plays',
            ({ phase, framesDecoded }) => phase === 'PLAYING' && framesDecoded !== null,
          )
          return wait('frames are decoded', ({ framesDecoded }) => (framesDecoded ?? 0) >= from.framesDecoded! + more)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await bundler.dispose()
    },
  }
}
