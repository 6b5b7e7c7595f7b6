import { createClient } from 'weir/client'
// Browsers and Node.js 22 have a WebSocket of their own; Node.js 20 needs this one.
import { WebSocket } from 'ws'

/** The client that all examples use. */
export function connect() {
  const { WEIR_URL = 'http://127.0.0.1:8080', WEIR_KEY } = process.env
  if (!WEIR_KEY) throw new Error('Set WEIR_KEY to a key with the scopes READ and WRITE.')
  return createClient({ url: WEIR_URL, key: WEIR_KEY, webSocketImpl: WebSocket })
}
