import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCamera } from '../support/camera.ts'
import { Browser } from '../support/chromium.ts'
import { Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser

beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start(), Browser.launch()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

test('the page shows the picture by WHEP alone, and follows what happens to the stream', async () => {
  await using camera = await startCamera({ audio: 'aac' })
  const { id } = await weir.liveStream({ name: 'Garden gate', source: { url: { url: camera.url() } } })
  const page = await browser.page()
  await page.goto(`${weir.url}/?fallback=off`)
  const card = `[data-stream-id="${id}"]`
  await page.waitForSelector(`${card}[data-state="LIVE"][data-player="whep"][data-player-phase="PLAYING"]`)
  expect(await page.textContent(card)).toContain('Garden gate')
  const decoded = () => page.$eval(card, (element) => Number((element as HTMLElement).dataset.framesDecoded))
  const before = await decoded()
  await page.waitForFunction(
    ([card, before]) => Number(document.querySelector<HTMLElement>(card!)?.dataset.framesDecoded) > Number(before) + 50,
    [card, String(before)],
  )

  await weir.stopStream(id)
  await page.waitForSelector(`${card}[data-state="STOPPED"]`)
  await weir.startStream(id)
  await page.waitForSelector(`${card}[data-state="LIVE"][data-player-phase="PLAYING"]`)
  await weir.deleteStream(id)
  await page.waitForSelector(card, { state: 'detached' })
  await page.close()
})

test('the page plays HLS when it is asked to', async () => {
  const { id } = await weir.liveStream({ name: 'Pattern', source: { testPattern: { width: 320, height: 240 } } })
  const page = await browser.page()
  await page.goto(`${weir.url}/?player=hls`)
  await page.waitForSelector(`[data-stream-id="${id}"][data-player="hls"][data-player-phase="PLAYING"]`)
  await page.close()
})
