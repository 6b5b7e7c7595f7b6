import type { MediasoupPool } from '../../../media/mediasoup/types.ts'
import { type Check, critical, healthy, warning } from '../check.ts'

/** That the workers live: the pool itself asks each for a sign of life, kills one that gives none and starts another. */
export function mediasoupCheck(pool: Pick<MediasoupPool, 'workers'>, expected: number): Check {
  return {
    component: 'MEDIASOUP',
    name: 'mediasoup',
    async check() {
      const running = pool.workers()
      const details = {
        workers: running.length,
        expectedWorkers: expected,
        streams: running.reduce((sum, worker) => sum + worker.streams, 0),
      }
      if (running.length === 0) return critical('No worker is running.', details)
      if (running.length < expected) return warning('Some workers are being started anew.', details)
      return healthy('All workers are running.', details)
    },
  }
}
