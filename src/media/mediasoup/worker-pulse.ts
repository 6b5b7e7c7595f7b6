import process from 'node:process'
import type { types } from 'mediasoup'

/** How often a worker is asked for a sign of life. mediasoup's requests have no deadline of their own. */
export const workerPulseMs = 10_000

/**
 * Kills a worker that has not answered from one pulse to the next, so that it dies and is replaced like any other.
 * Returns the way to stop watching.
 */
export function watchPulse(worker: types.Worker, pulseMs: number, onHung: () => void): () => void {
  let asked = false
  const kill = () => {
    if (!asked || worker.closed) return
    clearInterval(timer)
    onHung()
    process.kill(worker.pid, 'SIGKILL')
  }
  const timer = setInterval(() => {
    // After a long pause of our own the answer is there but not read yet: reading comes between now and then.
    if (asked) return void setImmediate(kill)
    asked = true
    worker.getResourceUsage().then(
      () => {
        asked = false
      },
      // It is closing or dead.
      () => clearInterval(timer),
    )
  }, pulseMs)
  return () => clearInterval(timer)
}
