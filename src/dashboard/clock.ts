import { computed, signal } from '@preact/signals'
import { clockAheadMs, connection, wall } from './live.ts'

const localNow = signal(Date.now())
setInterval(() => {
  localNow.value = Date.now()
}, 1000)

/** A live stream's figures come every two seconds; after this long without any they are history. */
const silenceMs = 10_000

/** Since when (ms, our clock) what is shown is not live any more; null while it is, 0 where nothing was ever told. */
export const staleSince = computed<number | null>(() => {
  const { status, lastDataAt } = connection.value
  if (status === 'LOST') return lastDataAt ?? 0
  const expected = [...wall.value.streams.values()].some(({ state }) => state === 'LIVE')
  const silent = lastDataAt !== null && expected && localNow.value - lastDataAt > silenceMs
  return silent ? lastDataAt : null
})

/** Now by the server's clock, in ms since the epoch. Moves once a second; stands still while the connection is lost. */
export const now = computed(() => (staleSince.value ?? localNow.value) + clockAheadMs.value)
