/** Does things at the next of common ticks, so that many streams wake the thread together. */
export type Hold = (work: () => void) => void

/** No timer runs while nothing is held. */
export function createHold(everyMs: number): Hold {
  let held: (() => void)[] = []
  return (work) => {
    held.push(work)
    if (held.length > 1) return
    setTimeout(() => {
      const due = held
      held = []
      for (const one of due) one()
    }, everyMs)
  }
}

/** Media waits so long at most, so that what belongs together is read together. */
export const mediaHold = createHold(18)
