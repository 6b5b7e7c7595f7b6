import type { ApiError, TestApi } from './api.ts'
import type { TestApiServer } from './api-server.ts'
import type { Sent } from './limit-cases.ts'

/** Sends an operation and answers with the errors of its first answer. */
export type Send = (sent: Sent) => Promise<ApiError[]>

/** The ways to the API, with a key of READ and WRITE. */
export function sendings(api: TestApi, server: TestApiServer): Record<'HTTP' | 'SSE' | 'WebSocket', Send> {
  const key = api.key('READ', 'WRITE')
  const post = (accept: string, sent: Sent) =>
    api.graphql.fetch('http://weir.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${key}` },
      body: JSON.stringify(sent),
    })
  return {
    async HTTP(sent) {
      const body = (await (await post('application/json', sent)).json()) as { errors?: ApiError[] }
      return body.errors ?? []
    },
    async SSE(sent) {
      const response = await post('text/event-stream', sent)
      const text = await response.text()
      const data = /^data: ?(\{.*)$/m.exec(text)?.[1] ?? text
      return (JSON.parse(data) as { errors?: ApiError[] }).errors ?? []
    },
    async WebSocket({ query, operationName, variables }) {
      const client = server.client(key)
      const messages = client.iterate({
        query,
        ...(operationName ? { operationName } : {}),
        ...(variables ? { variables } : {}),
      })
      try {
        const { value } = await messages.next()
        return (value?.errors ?? []) as unknown as ApiError[]
      } catch (errors) {
        if (Array.isArray(errors)) return errors
        throw errors
      } finally {
        await client.dispose()
      }
    },
  }
}
