import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/** The address that a request came from; null where it did not come over the network. */
export function peerAddress(context: Context): string | null {
  const env = context.env as Partial<HttpBindings> | undefined
  return env?.incoming?.socket.remoteAddress ?? null
}
