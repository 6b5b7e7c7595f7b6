import type { Context } from 'hono'

/** The address of the client that a request came from; null where it did not come over the network. */
export function peerAddress(context: Context): string | null {
  return (context.get('address') as string | null | undefined) ?? null
}
