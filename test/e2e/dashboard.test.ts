import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { adminKey, Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser
let page: Page
let complaints: string[]

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start(), Browser.launch()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  page = await browser.page()
  complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text())
  })
})
afterEach(async () => {
  await page.close()
  await weir.clear()
  expect(complaints).toEqual([])
})

const pattern = { testPattern: { width: 320, height: 180 } }
const cardOf = (id: string) => `[data-stream-id="${id}"]`

function figureOf(id: string, name: string): Promise<string | null> {
  return page
    .locator(`${cardOf(id)} .figures div`, { hasText: name })
    .locator('dd')
    .textContent()
}

describe('the page', () => {
  test('falls back to HLS where WHEP shows nothing, and not where that is turned off', async () => {
    const { id } = await weir.liveStream({ name: 'Pattern', source: pattern })
    await page.route('**/whep/**', (route) => route.abort())
    await page.goto(weir.url)
    await page.waitForSelector(`${cardOf(id)}[data-player="hls"][data-player-phase="PLAYING"]`)
    expect(await page.locator(cardOf(id)).getAttribute('data-frames-decoded')).toMatch(/^[1-9]\d*$/)

    await page.goto(`${weir.url}/?fallback=off`)
    await page.waitForSelector(`${cardOf(id)}[data-player="whep"][data-player-phase="WAITING"]`)
  })

  test('plays HLS on across a restart of FFmpeg', async () => {
    const { id } = await weir.liveStream({ name: 'Pattern', source: pattern })
    await page.goto(`${weir.url}/?player=hls`)
    await page.waitForSelector(`${cardOf(id)}[data-player="hls"][data-player-phase="PLAYING"]`)
    process.kill(weir.ffmpegs()[0]!.pid, 'SIGKILL')
    const playlist = async () => (await fetch(`${weir.url}/hls/${id}/index.m3u8`)).text()
    await expect.poll(playlist, { timeout: 30_000 }).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:.*\/2\/init\.mp4/)
    const decoded = async () => Number(await page.locator(cardOf(id)).getAttribute('data-frames-decoded'))
    // More than the buffer and the window can hold of the first run.
    const before = await decoded()
    await expect.poll(decoded, { timeout: 60_000 }).toBeGreaterThan(before + 250)
  })

  test('shows what was measured, and a dash for what was not', async () => {
    const { id } = await weir.liveStream({ name: 'Pattern', source: pattern })
    const stopped = await weir.createStream({ name: 'Never started', source: pattern })
    await page.goto(`${weir.url}/#key=${adminKey}`)
    await page.waitForSelector(`${cardOf(id)}[data-player-phase="PLAYING"]`)
    await expect.poll(() => figureOf(id, 'Frames/s'), { timeout: 20_000 }).toMatch(/^2[45]/)
    await expect.poll(() => figureOf(id, 'CPU'), { timeout: 20_000 }).toMatch(/ %$/)
    await expect.poll(() => figureOf(id, 'Viewers'), { timeout: 20_000 }).toBe('1')
    expect(await figureOf(id, 'Restarts')).toBe('0')
    for (const name of ['Frames/s', 'Bitrate', 'Picture', 'Codecs', 'CPU', 'Memory', 'Uptime']) {
      expect([name, await figureOf(stopped, name)]).toEqual([name, '–'])
    }
    // That nobody watches is known.
    expect(await figureOf(stopped, 'Viewers')).toBe('0')
    // The key is kept, but not in the address.
    expect(page.url()).not.toContain(adminKey)
  })

  test('never shows as live what was true when the connection was lost', async () => {
    const { id } = await weir.liveStream({ name: 'Pattern', source: pattern })
    await page.goto(weir.url)
    await page.waitForSelector(`[data-connection="LIVE"] ${cardOf(id)}[data-player-phase="PLAYING"]`)
    expect(await page.textContent(`${cardOf(id)} .badge`)).toBe('Live')

    await weir.end('SIGKILL')
    await page.waitForSelector('[data-connection="LOST"]')
    expect(await page.getByRole('alert').textContent()).toMatch(/^Connection lost, last data at \d/)
    expect(await page.textContent(`${cardOf(id)} .badge`)).toBe('Was live')

    await weir.start()
    await page.waitForSelector(`[data-connection="LIVE"] ${cardOf(id)}[data-state="LIVE"][data-player-phase="PLAYING"]`)
    expect(await page.textContent(`${cardOf(id)} .badge`)).toBe('Live')
  })

  test('is read-only without a key, and takes orders with one', async () => {
    const { id } = await weir.liveStream({ name: 'Pattern', source: pattern })
    await page.goto(weir.url)
    await page.waitForSelector(cardOf(id))
    expect(await page.getByRole('button', { name: /Stop|Restart|Add/ }).count()).toBe(0)

    await page.getByRole('button', { name: 'Enter key' }).click()
    await page.getByLabel('Key', { exact: true }).fill('weir_wrong')
    await page.getByRole('button', { name: 'Use it' }).click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(1)
    await page.getByLabel('Key', { exact: true }).fill(adminKey)
    await page.getByLabel('Key', { exact: true }).press('Enter')

    await page.getByRole('button', { name: 'Stop Pattern' }).click()
    await page.waitForSelector(`${cardOf(id)}[data-state="STOPPED"]`)
    await page.getByRole('button', { name: 'Start Pattern' }).click()
    await page.waitForSelector(`${cardOf(id)}[data-state="LIVE"]`)

    await page.getByRole('button', { name: 'Add a stream' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a stream' })
    await dialog.getByLabel('Address').fill('gopher://camera/1')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.locator('input[name="url"][aria-invalid="true"]').waitFor()
    expect(await dialog.getByRole('alert').textContent()).not.toBe('')
    await dialog.getByLabel('Address').fill('rtsp://127.0.0.1:9/none')
    await dialog.getByLabel('Name').fill('Nowhere')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('heading', { name: 'Nowhere' }).waitFor()
    await dialog.waitFor({ state: 'hidden' })

    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect.poll(() => page.getByRole('button', { name: /Stop|Restart|Add/ }).count()).toBe(0)
  })

  test('is used by keyboard', async () => {
    const { id } = await weir.liveStream({ name: 'Pattern', source: pattern })
    await page.goto(weir.url)
    const larger = page.getByRole('button', { name: 'Show Pattern large' })
    await larger.focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector(`${cardOf(id)}.large`)
    await page.keyboard.press('Escape')
    await page.waitForSelector(`${cardOf(id)}:not(.large)`)
    expect(await larger.evaluate((button) => button === document.activeElement)).toBe(true)
    const sound = page.getByRole('button', { name: 'Sound of Pattern' })
    await sound.press('Enter')
    expect(await sound.getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator(`${cardOf(id)} video`).evaluate((video: HTMLVideoElement) => video.muted)).toBe(false)
  })

  test('says how to begin where there is nothing', async () => {
    await page.goto(weir.url)
    await page.getByRole('heading', { name: 'No streams yet' }).waitFor()
    expect(await page.textContent('.empty')).toContain(`curl ${weir.url}/graphql`)
    await page.goto('about:blank')
    await page.goto(`${weir.url}/#key=${adminKey}`)
    await page.locator('.empty').getByLabel('Address').waitFor()
  })

  test('does not scroll sideways on a phone', async () => {
    const { id } = await weir.liveStream({ name: `Pattern${'n'.repeat(180)}`, source: pattern })
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`${weir.url}/#key=${adminKey}`)
    await page.waitForSelector(cardOf(id))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
})
