import { createHash } from 'node:crypto'
import type { GraphiQLOptions } from 'graphql-yoga'

export interface GraphiqlPage {
  render(options?: GraphiQLOptions): Promise<string>
  /** The Content-Security-Policy of the page that was rendered last; null before. */
  policy(): string | null
}

/** GraphiQL's page with all that it needs inside: it works offline. 9 MB, so it is loaded when it is first asked for. */
export function createGraphiqlPage(): GraphiqlPage {
  let last = ''
  let policy: string | null = null
  return {
    async render(options) {
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
      const html = renderGraphiQL(options)
      if (html !== last) policy = graphiqlPolicy(html)
      last = html
      return html
    },
    policy: () => policy,
  }
}

/**
 * What GraphiQL's page may do: its own scripts alone, known by their hashes, and to ask us. Its editor makes styles as it goes, and works in workers that it makes
 * of its own text.
 */
export function graphiqlPolicy(html: string): string {
  const hashes = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes = '']) => !/\bsrc=/.test(attributes))
    .map(([, , script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  return [
    "default-src 'none'",
    `script-src ${[...new Set(hashes)].join(' ')}`,
    "style-src 'unsafe-inline'",
    "connect-src 'self'",
    'worker-src blob:',
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
