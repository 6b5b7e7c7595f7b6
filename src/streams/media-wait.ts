import { WeirError } from '../errors.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { StreamRow } from './types.ts'

/** Waits for streams that have been ordered to start. */
export interface MediaWait {
  /**
   * The stream's row as soon as its media flows. Throws UNAVAILABLE with retryAfterSeconds where that takes too long, INVALID_STATE where it is
   * stopped meanwhile, NOT_FOUND where it is deleted.
   */
  waitForMedia(stream: { projectId: string; id: string }): Promise<StreamRow>
}

export interface MediaWaitDeps {
  bus: Pick<Bus, 'subscribe'>
  /** A stream's row by its id; null where there is none. */
  load: (id: string) => Promise<StreamRow | null>
  timeoutMs: number
}

/** The poll is the truth; the bus only makes it faster. */
const pollMs = 1000
/** When somebody who waited in vain should ask again: the stream goes on starting meanwhile. */
const retryAfterSeconds = 5

/** Those who wait for one stream share one look at its row. */
interface Watch {
  waiting: Set<(row: StreamRow | null, error?: unknown) => void>
  look: () => void
  end: () => void
}

export function createMediaWait({ bus, load, timeoutMs }: MediaWaitDeps): MediaWait {
  /** By stream, for as long as anybody waits. */
  const watches = new Map<string, Watch>()

  function watch(id: string): Watch {
    const known = watches.get(id)
    if (known) return known
    const waiting: Watch['waiting'] = new Set()
    let looking = false
    let again = false
    const tell = (row: StreamRow | null, error?: unknown) => {
      for (const each of [...waiting]) each(row, error)
    }
    const look = () => {
      again = looking
      if (looking) return
      looking = true
      load(id)
        .then(
          (row) => tell(row),
          (error: unknown) => tell(null, error),
        )
        .finally(() => {
          looking = false
          if (again && waiting.size > 0) look()
        })
    }
    const poll = setInterval(look, pollMs)
    const unsubscribe = bus.subscribe('streams', (changed) => {
      if (changed === id) look()
    })
    const made: Watch = {
      waiting,
      look,
      end() {
        clearInterval(poll)
        unsubscribe()
        watches.delete(id)
      },
    }
    watches.set(id, made)
    return made
  }

  return {
    waitForMedia({ projectId, id }) {
      const { waiting, look, end } = watch(id)
      const { promise, resolve, reject } = Promise.withResolvers<StreamRow>()
      let lastReason: string | null = null
      let lastError: unknown = null
      const timer = setTimeout(() => {
        const why = lastReason ? ` ${lastReason}` : ''
        const text = `The stream is being started and has no media yet.${why}`
        reject(lastError ?? new WeirError('UNAVAILABLE', text, { retryAfterSeconds }))
      }, timeoutMs)
      const seen = (row: StreamRow | null, error?: unknown) => {
        lastError = error ?? null
        // A database that is away for a moment may be back before the time is up.
        if (error !== undefined) return
        if (!row || row.projectId !== projectId || row.deletedAt) {
          reject(new WeirError('NOT_FOUND', 'There is no such stream.'))
        } else if (row.state === 'LIVE' && row.generation === row.observedGeneration) resolve(row)
        else if (row.desiredState === 'STOPPED') reject(new WeirError('INVALID_STATE', 'The stream has been stopped.'))
        else lastReason = row.stateReason
      }
      waiting.add(seen)
      look()
      return promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(seen)
        if (waiting.size === 0) end()
      })
    },
  }
}
