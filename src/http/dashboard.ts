import { Hono } from 'hono'

/** One file that the page consists of. */
export interface PageFile {
  contentType: string
  body: Uint8Array<ArrayBuffer>
}

/** The page as it was bundled: its HTML, and its files by name (which bears a hash of what is in them). */
export interface PageBundle {
  html: string
  files: ReadonlyMap<string, PageFile>
}

/**
 * Everything is ours and in files: no inline script or style, no other host. Pictures come by fetch and as media source
 * (blob:), so does WebRTC's signalling.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page at `/` and its files below `/assets/`. `bundle` is asked for each request and keeps what it has made. */
export function dashboardRoutes(bundle: () => Promise<PageBundle>): Hono {
  const app = new Hono()

  app.get('/', async (c) => {
    const { html } = await bundle()
    return c.html(html, 200, {
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': contentSecurityPolicy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    })
  })

  app.get('/assets/:name', async (c) => {
    const file = (await bundle()).files.get(c.req.param('name'))
    if (!file) return c.notFound()
    return c.body(file.body, 200, {
      'Content-Type': file.contentType,
      'Cache-Control': 'public, max-age=31536000, immutable',
      'X-Content-Type-Options': 'nosniff',
    })
  })

  return app
}
