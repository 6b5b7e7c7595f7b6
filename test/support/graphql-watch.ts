import { createClient } from 'graphql-ws'
import type { TypedDocumentString } from '../../src/client/generated/graphql.ts'

/** A subscription that runs over graphql-ws: what it was told so far, and how to end it. */
export interface Watch<Data> extends AsyncDisposable {
  readonly messages: Data[]
}

const maxMessages = 1000

/** Subscribes over WebSocket with a key; messages are collected, the last 1,000. An error is thrown at the end of the watch. */
export function watch<Data, Variables extends Record<string, unknown>>(
  url: string,
  key: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Watch<Data> {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  })
  const messages: Data[] = []
  const ended = new Promise<unknown>((resolve) => {
    client.subscribe<Data>(
      { query: document.toString(), variables },
      {
        next({ data, errors }) {
          if (errors) return resolve(errors)
          if (data) messages.push(data)
          if (messages.length > maxMessages) messages.shift()
        },
        error: resolve,
        complete: () => resolve(null),
      },
    )
  })
  return {
    messages,
    async [Symbol.asyncDispose]() {
      await client.dispose()
      const error = await ended
      if (error) throw new Error('the subscription failed', { cause: error })
    },
  }
}
