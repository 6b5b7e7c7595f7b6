/** How a node that is to be drained hands its streams over: a few at a time, and only where another can take them. Pure. */

/** Handed back, and by nobody taken yet, at once. */
export const maxHandovers = 4
/** Nobody took it for so long: this node takes it back, and tries again after the second time. */
export const takeBackAfterMs = 10_000
export const tryAgainAfterMs = 60_000

export interface Handover {
  handedAt: number
  /** It runs here again since nobody took it. */
  takenBack: boolean
}

/** What was handed back, by stream. No larger than what the node runs. */
export type Handovers = ReadonlyMap<string, Handover>

export interface HandoverStep {
  /** To be handed back now. */
  handBack: string[]
  /** To be claimed again. */
  takeBack: string[]
  next: Handovers
}

/**
 * The next step. `running`: what this node runs; `held`: what anybody holds of what was handed back; `othersTake(n)`: whether others have
 * room for n more.
 */
export function nextHandovers(
  before: Handovers,
  seen: { running: readonly string[]; held: ReadonlySet<string>; othersTake: (count: number) => boolean },
  now: number,
): HandoverStep {
  const next = new Map<string, Handover>()
  const takeBack: string[] = []
  let pending = 0
  for (const [id, handover] of before) {
    if (handover.takenBack) {
      if (now - handover.handedAt < tryAgainAfterMs && seen.running.includes(id)) next.set(id, handover)
    } else if (seen.running.includes(id)) {
      // It is still coming to rest.
      next.set(id, { ...handover, handedAt: now })
      pending++
    } else if (!seen.held.has(id)) {
      const late = now - handover.handedAt >= takeBackAfterMs
      next.set(id, late ? { handedAt: now, takenBack: true } : handover)
      if (late) takeBack.push(id)
      else pending++
    }
  }
  const handBack: string[] = []
  for (const id of seen.running) {
    if (pending >= maxHandovers || !seen.othersTake(pending + 1)) break
    if (next.has(id)) continue
    next.set(id, { handedAt: now, takenBack: false })
    handBack.push(id)
    pending++
  }
  return { handBack, takeBack, next }
}
