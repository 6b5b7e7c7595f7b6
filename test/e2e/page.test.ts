import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeConsumer, createClient, document as operation } from '../../src/client/index.ts'
import { startCamera } from '../support/camera.ts'
import { Browser } from '../support/chromium.ts'
import { adminKey, Weir } from '../support/weir.ts'

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

test('the page shows what is wrong, what has been, and what was done about it', async () => {
  const source = { testPattern: { width: 320, height: 240 } }
  // A threshold that any encoder is above: the issue is a real one.
  const recovery = { cpuPercent: 0.01 }
  const { id } = await weir.liveStream({ name: 'Front door', source, recovery })
  const page = await browser.page()
  await page.goto(`${weir.url}/#key=${adminKey}`)
  const card = page.locator(`[data-stream-id="${id}"]`)
  await card.locator('[data-issue="CPU_HIGH"]').waitFor()
  expect(await card.getAttribute('data-stream-health')).toBe('WARNING')
  expect(await page.textContent('.summary')).toContain('1 with a warning')

  const own = weir.ffmpegs().find(({ commandLine }) => commandLine.includes(id))
  process.kill(own!.pid, 'SIGKILL')
  await card.locator('.size').click()
  const attempt = card.locator('.attempts li[data-outcome="RECOVERED"]')
  await attempt.waitFor()
  expect(await attempt.locator('.cause').textContent()).toBe('Killed')
  expect(await attempt.locator('.downtime').textContent()).toMatch(/^\d+\.\d s without media$/)
  await attempt.locator('summary').click()
  // One that is killed says nothing; what there is is shown.
  expect(await attempt.locator('details > :not(summary)').textContent()).not.toBe('')

  await card.getByRole('button', { name: '1 h' }).click()
  await card.locator('.band [data-health="WARNING"]').waitFor()
  // The server is younger than an hour: what was before is a gap, not health.
  expect(await card.locator('.band > *').first().getAttribute('data-health')).toBe('GAP')
  expect(await card.locator('.line path').count()).toBeGreaterThanOrEqual(3)
  await page.close()
})

test('the page shows in the large view who watches, and why a session was closed; it stays closed until it is asked', async () => {
  const source = { testPattern: { width: 320, height: 240 } }
  const { id } = await weir.liveStream({ name: 'Back door', source })
  const page = await browser.page()
  await page.goto(`${weir.url}/#key=${adminKey}`)
  const card = page.locator(`[data-stream-id="${id}"]`)
  await page.waitForSelector(`[data-stream-id="${id}"][data-player-phase="PLAYING"]`)
  await card.locator('.size').click()
  const watching = card.getByRole('region', { name: 'Who watches' })
  await expect.poll(() => watching.textContent(), { timeout: 20_000 }).toMatch(/Sessions1This playerPlaying, WebRTC/)

  const client = createClient({ url: weir.url, key: adminKey })
  const { consumers } = await client.request(OpenSessions, { id })
  await client.request(closeConsumer, { id: consumers.nodes[0]!.id, reason: 'Closing time.' })
  await page.waitForSelector(`[data-stream-id="${id}"][data-player-phase="ENDED"][data-close-reason="FORCED"]`)
  expect(await card.locator('.message').textContent()).toContain('Closed: Closing time.')
  expect(await watching.textContent()).toContain('Ended: Closing time.')
  await card.getByRole('button', { name: 'Play again' }).click()
  await page.waitForSelector(`[data-stream-id="${id}"][data-player-phase="PLAYING"]`)
  expect((await client.request(OpenSessions, { id })).consumers.nodes.length).toBe(1)
  await page.close()
})

const OpenSessions = operation<{ consumers: { nodes: { id: string }[] } }, { id: string }>(
  'query($id: ID!) { consumers(filter: { streamId: $id, states: [CONNECTED] }) { nodes { id } } }',
)
