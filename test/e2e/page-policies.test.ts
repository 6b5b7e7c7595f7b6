import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../support/chromium.ts'
import { adminKey, Weir } from '../support/weir.ts'

let weir: Weir
let browser: Browser
beforeAll(async () => {
  ;[weir, browser] = await Promise.all([Weir.start({ env: { RATE_LIMIT_ADDRESS: '100' } }), Browser.launch()])
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await weir?.[Symbol.asyncDispose]()
})

/** A tab that keeps what its Content-Security-Policy did not let it do. */
async function watchedPage() {
  const page = await browser.page()
  await page.addInitScript(() => {
    const found: string[] = []
    Object.assign(window, { violations: found })
    document.addEventListener('securitypolicyviolation', (event) => {
      found.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`)
    })
  })
  const violations = () => page.evaluate(() => (window as unknown as { violations: string[] }).violations)
  return { page, violations }
}

test('the wall plays and shows what has been without a key, within its policy and the rate of an address', async () => {
  const { id } = await weir.liveStream({ name: 'Gate', source: { testPattern: { width: 320, height: 240 } } })
  const { page, violations } = await watchedPage()
  for (const address of ['/', '/?player=hls']) {
    await page.goto(weir.url + address)
    await page.waitForSelector(`[data-stream-id="${id}"][data-player-phase="PLAYING"]`)
  }
  expect(await violations()).toEqual([])
  // From the same address as the page: what the two visits took of 100 points.
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ viewer { rateLimit { remaining } } }"}',
  })
  const { data } = (await response.json()) as { data: { viewer: { rateLimit: { remaining: number } } } }
  expect(data.viewer.rateLimit.remaining).toBeGreaterThan(80)
  await page.close()
})

test('with a key, and what a stream has been', async () => {
  const { page, violations } = await watchedPage()
  await page.goto(`${weir.url}/#key=${adminKey}`)
  await page.waitForSelector('[data-stream-id][data-player-phase="PLAYING"]')
  expect(await violations()).toEqual([])
  await page.close()
})

test('GraphiQL asks and shows the answer', async () => {
  const { page, violations } = await watchedPage()
  const response = await page.goto(`${weir.url}/graphql?query=${encodeURIComponent('{ viewer { scopes } }')}`)
  expect(response!.headers()['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-/)
  await page.click('button.graphiql-execute-button')
  await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('scopes'))
  expect(await violations()).toEqual([])
  await page.close()
})
