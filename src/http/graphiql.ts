import type { GraphiQLOptions } from 'graphql-yoga'

/** GraphiQL's page with all that it needs inside: it works offline. 9 MB, so it is loaded when it is first asked for. */
export async function renderGraphiql(options?: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return renderGraphiQL(options)
}
