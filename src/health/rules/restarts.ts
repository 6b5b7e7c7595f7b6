import { restartWindowMs } from '../restart-times.ts'
import { type Evidence, rule } from './rule.ts'

/** As many in the window are taken for chance. */
export const restartsAllowed = 3

interface Restarts extends Evidence {
  restarts: number
  windowSeconds: number
}

export const restartingOften = rule<Restarts>({
  type: 'RESTARTING_OFTEN',
  of: null,
  raiseAfterMs: 0,
  clearAfterMs: 0,
  measure: ({ restarts }) => ({ restarts: restarts.recent, windowSeconds: restartWindowMs / 1000 }),
  level: ({ restarts }) => (restarts > restartsAllowed ? 'BAD' : restarts < restartsAllowed ? 'GOOD' : 'EDGE'),
  severity: () => 'WARNING',
  reason: ({ restarts, windowSeconds }) =>
    `It was live and had to be started again ${restarts} times in the last ${windowSeconds / 60} minutes.`,
})
