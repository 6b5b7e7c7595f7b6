/** Sessions of one stream on its own worker, and on each further one before the next is taken. */
export const sessionsPerWorker = 300

/** A worker that runs, as a new session of one stream sees it. */
export interface WorkerLoad {
  index: number
  /** Of all streams. */
  sessions: number
  /** Of the stream that the new one is for. */
  sessionsOfStream: number
}

/**
 * The worker for a stream's next session: its own while that has less than `perWorker` of them; then, of the others that have
 * less, the one with the fewest sessions; then of all. Of equals one that serves the stream already, since a further one costs a pipe.
 */
export function placeSession(workers: readonly WorkerLoad[], home: number, perWorker = sessionsPerWorker): number {
  const withRoom = workers.filter((worker) => worker.sessionsOfStream < perWorker)
  if (withRoom.some((worker) => worker.index === home)) return home
  const candidates = withRoom.length > 0 ? withRoom : workers
  if (candidates.length === 0) return home
  return candidates.reduce((best, next) => (compare(next, best) < 0 ? next : best)).index
}

function compare(a: WorkerLoad, b: WorkerLoad): number {
  return a.sessions - b.sessions || Number(b.sessionsOfStream > 0) - Number(a.sessionsOfStream > 0) || a.index - b.index
}
