/** The arithmetic of leases: plain data in, plain data out. Times in ms. */

export const leaseTtlMs = 10_000
export const renewEveryMs = 3000

/** What this node holds: each resource under the token of its claim. */
export type HeldLeases = ReadonlyMap<string, number>

/**
 * What was lost: claimed before the renewal was sent, held under the same token still, and not in its answer. An answer is the only thing that
 * takes a lease away: while the database is out of reach nobody else gets one either.
 */
export function lostLeases(sent: HeldLeases, held: HeldLeases, renewed: ReadonlySet<string>): string[] {
  return [...sent].flatMap(([resourceId, token]) =>
    !renewed.has(resourceId) && held.get(resourceId) === token ? [resourceId] : [],
  )
}

/** The wait before the next renewal: every 3 s from start to start, and never at once after a slow one. */
export function nextRenewalInMs(tookMs: number): number {
  return Math.max(renewEveryMs - tookMs, renewEveryMs / 3)
}
