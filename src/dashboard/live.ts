import { signal } from '@preact/signals'
import { createClient } from 'graphql-ws'
import { authorization, key, setKey } from './key.ts'
import { type StreamsUpdate, wallSubscription } from './operations.ts'
import { toApiError } from './request.ts'
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

const pingMs = 5000
const pongMs = 4000
const maxWaitMs = 5000

function wait(attempt: number): Promise<void> {
  const ms = Math.min(maxWaitMs, 500 * 2 ** attempt) * (0.75 + Math.random() / 2)
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Subscribes with the key of now and keeps at it, until the function that it answers with is called. */
export function follow(): () => void {
  let ended = false
  let pongDeadline: ReturnType<typeof setTimeout> | undefined
  const lost = () => {
    if (!ended) connection.value = { ...connection.value, status: 'LOST' }
  }
  const client = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: authorization,
    keepAlive: pingMs,
    connectionAckWaitTimeout: 5000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: wait,
    // A refused key is told by a close code of its own: asking again would not help.
    shouldRetry: (event) => !isRefusal(event),
    on: {
      closed(event) {
        clearTimeout(pongDeadline)
        lost()
        if (isRefusal(event)) refuse('The key was not accepted.')
      },
      ping(received) {
        // A network that is gone closes no socket: only silence tells.
        if (!received) pongDeadline = setTimeout(() => client.terminate(), pongMs)
      },
      pong(received) {
        if (received) clearTimeout(pongDeadline)
      },
    },
  })

  const subscribe = (attempt: number) => {
    if (ended) return
    let failures = attempt
    const again = () => void wait(failures).then(() => subscribe(failures + 1))
    client.subscribe<{ streams?: StreamsUpdate }>(
      { query: wallSubscription.text, variables: { withKey: key.value !== null } },
      {
        next({ data }) {
          if (ended || !data?.streams) return
          failures = 0
          const at = Date.parse(data.streams.at)
          clockAheadMs.value = at - Date.now()
          wall.value = applyUpdate(wall.value, data.streams)
          connection.value = { status: 'LIVE', lastDataAt: Date.now() }
        },
        error(errors) {
          lost()
          const error = Array.isArray(errors) ? toApiError(errors[0]) : null
          if (error && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN')) refuse(error.message)
          else again()
        },
        complete: again,
      },
    )
  }
  subscribe(0)

  return () => {
    ended = true
    clearTimeout(pongDeadline)
    void client.dispose()
  }
}

function refuse(reason: string): void {
  if (key.value === null) return
  keyRefusal.value = reason
  setKey(null)
}

/** 4401 and 4403: Unauthorized and Forbidden, in the words of graphql-ws. */
function isRefusal(event: unknown): boolean {
  const code = (event as { code?: unknown } | null)?.code
  return code === 4401 || code === 4403
}
