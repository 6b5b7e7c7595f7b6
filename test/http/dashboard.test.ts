import { execFileSync } from 'node:child_process'
import { describe, expect, test, vi } from 'vitest'
import { dashboardRoutes } from '../../src/http/dashboard.ts'
import { pageBundler } from '../../src/http/dashboard-bundle.ts'

function childCommands(): string {
  return execFileSync('ps', ['--ppid', String(process.pid), '-o', 'args='], { encoding: 'utf8' })
}

describe("the page's files", () => {
  const app = dashboardRoutes(pageBundler())
  const get = (path: string) => app.request(path)

  test('are made once, hashed, and leave no bundler behind', async () => {
    const [page, again] = await Promise.all([get('/'), get('/')])
    const html = await page.text()
    expect(await again.text()).toBe(html)
    await vi.waitFor(() => expect(childCommands()).not.toContain('esbuild'))

    const named = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!)
    expect(named).toEqual([
      expect.stringMatching(/^\/assets\/style-[A-Z0-9]{8}\.css$/),
      expect.stringMatching(/^\/assets\/main-[A-Z0-9]{8}\.js$/),
    ])
    for (const path of named) {
      const file = await get(path)
      expect([path, file.status, file.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ])
      const text = await file.text()
      const map = await get(`/assets/${/sourceMappingURL=(\S+\.map)/.exec(text)![1]}`)
      expect(map.status).toBe(200)
      expect(await map.json()).toHaveProperty('sourcesContent')
    }
    expect((await get('/assets/none.js')).status).toBe(404)
  })

  test('need no inline script or style and no other host', async () => {
    const page = await get('/')
    const policy = page.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toMatch(/https?:/)
    const html = await page.text()
    expect(html).not.toMatch(/<style|style="|<script(?![^>]*src=)|https?:|\son\w+=/)
  })

  test('are small until HLS is needed', async () => {
    const html = await (await get('/')).text()
    const main = /src="([^"]+\.js)"/.exec(html)![1]!
    const source = await (await get(main)).text()
    expect(source.length).toBeLessThan(100_000)
    expect(source).toMatch(/import\("\.\/hls\.light-[A-Z0-9]{8}\.js"\)/)
  })
})
