/** Messages that are on their way to whoever sent them. */
export interface RoundTrips {
  /** Resolves when `arrived` is called with the id that `send` was given; rejects once `signal` is aborted. */
  start(signal: AbortSignal, send: (id: string) => void): Promise<void>
  arrived(id: string): void
  /** Rejects all that are under way. */
  end(): void
}

/** More than anybody has under way; beyond it a new one is refused. */
const maxUnderWay = 100

export function createRoundTrips(): RoundTrips {
  const underWay = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  return {
    start(signal, send) {
      const id = crypto.randomUUID()
      const trip = new Promise<void>((resolve, reject) => {
        if (signal.aborted || underWay.size >= maxUnderWay) return reject(new Error('no round trip was begun'))
        underWay.set(id, { resolve, reject })
        signal.addEventListener('abort', () => reject(new Error('the message did not come back')), { once: true })
        send(id)
      })
      return trip.finally(() => {
        underWay.delete(id)
      })
    },
    arrived: (id) => underWay.get(id)?.resolve(),
    end() {
      for (const { reject } of underWay.values()) reject(new Error('the bus is closed'))
    },
  }
}
