/** The arithmetic of leases: plain data in, plain data out. Times in ms. */

export const leaseTtlMs = 10_000
export const renewEveryMs = 3000
/** How often each node looks at the leases of the others. */
export const lookEveryMs = 500
/** Two looks farther apart than this, and the database, or this node, was away between them. */
export const maxLookGapMs = renewEveryMs

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

/**
 * What a node has itself seen of others' signs of life, by a clock of its own that only goes forward: since when each has stood
 * unchanged. A sign is a text that is another one after each renewal.
 */
export interface Sightings {
  /** When the last answer came; null before the first. */
  readonly lookedAt: number | null
  readonly since: ReadonlyMap<string, number>
}

export const noSightings: Sightings = { lookedAt: null, since: new Map() }

/**
 * One more look. What it shows is as old as its answer at least, so a sign counts from the answer that first showed it. After a gap all
 * counts begin anew: nobody could renew while the database was away, so what stood still then says nothing.
 */
export function look(before: Sightings, signs: Iterable<string>, answeredAt: number): Sightings {
  const unbroken = before.lookedAt !== null && answeredAt - before.lookedAt <= maxLookGapMs
  const since = new Map<string, number>()
  for (const sign of signs) since.set(sign, (unbroken ? before.since.get(sign) : undefined) ?? answeredAt)
  return { lookedAt: answeredAt, since }
}

/**
 * Has this sign stood for `forMs`, as the look that was sent at `sentAt` still showed it? The shorter of what it may be: from the
 * first answer to the last question.
 */
export function hasStood(seen: Sightings, sign: string, sentAt: number, forMs: number): boolean {
  const since = seen.since.get(sign)
  return since !== undefined && sentAt - since >= forMs
}
