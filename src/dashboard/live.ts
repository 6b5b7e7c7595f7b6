import { signal } from '@preact/signals'
import type { Client } from '../client/client.ts'
import { key, setKey } from './key.ts'
import { wallSubscription } from './operations.ts'
import { applyUpdate, emptyWall } from './wall.ts'

/** The wall as it is told by subscription, and how sure we may be of it. */
export const wall = signal(emptyWall)

/** LOST: what is shown was true at `lastDataAt` (ms since the epoch), if that is not null. */
export const connection = signal<{ status: 'CONNECTING' | 'LIVE' | 'LOST'; lastDataAt: number | null }>({
  status: 'CONNECTING',
  lastDataAt: null,
})

/** Why the key that was entered is not in use. */
export const keyRefusal = signal<string | null>(null)

/** By how much the server's clock is ahead of ours, from its last message. */
export const clockAheadMs = signal(0)

/** Follows the wall with the key of now. */
export function follow(client: Client): () => void {
  const lost = () => {
    connection.value = { ...connection.value, status: 'LOST' }
  }
  return client.subscribe(
    wallSubscription,
    { withKey: key.value !== null },
    {
      onData({ streams }) {
        clockAheadMs.value = Date.parse(streams.at) - Date.now()
        wall.value = applyUpdate(wall.value, streams)
        connection.value = { status: 'LIVE', lastDataAt: Date.now() }
      },
      onStatus(status) {
        if (status === 'LOST') lost()
      },
      onError({ code, message }) {
        lost()
        if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') refuse(message)
      },
    },
  )
}

function refuse(reason: string): void {
  if (key.value === null) return
  keyRefusal.value = reason
  setKey(null)
}
