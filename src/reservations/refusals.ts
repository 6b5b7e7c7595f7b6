import type { PlaceRefusal } from '../places/model.ts'
import { type PlaceScope, placeScopes } from '../platform/database/tables.ts'

/** How often places have been refused since the process started, by the bound that it was. */
export interface RefusalCounts {
  count(refusal: PlaceRefusal): void
  /** Each bound, also at 0. */
  read(): { scope: PlaceScope; count: number }[]
}

export function createRefusalCounts(): RefusalCounts {
  const counts = new Map<PlaceScope, number>(placeScopes.map((scope) => [scope, 0]))
  return {
    count({ scope }) {
      counts.set(scope, counts.get(scope)! + 1)
    },
    read: () => [...counts].map(([scope, count]) => ({ scope, count })),
  }
}
