/** How many requests may still be made. Plain data. */
export interface Budget {
  left: number
  /** ms by a clock that only goes forward: when it was last refilled, or made. */
  refilledAt: number
}

/** So many requests are made to a host before media flows. */
export const requestsBeforeMedia = 50
/** Piece, key, list and the list that had not changed yet, twice over. */
const requestsAPiece = 8
/** What media gives back is no more than a live source of the shortest pieces takes. */
const requestsASecond = 8
/** Less is a key, an error's page or nothing. */
export const pieceBytes = 2_048

export function newBudget(at: number, most = requestsBeforeMedia): Budget {
  return { left: most, refilledAt: at }
}

/** One request less; null where none is left. */
export function spend(budget: Budget): Budget | null {
  return budget.left < 1 ? null : { ...budget, left: budget.left - 1 }
}

/** A piece of media has come: gives back what the next ones take, up to the whole, and only so fast. */
export function refill(budget: Budget, at: number, most = requestsBeforeMedia): Budget {
  const earned = Math.min(requestsAPiece, ((at - budget.refilledAt) / 1000) * requestsASecond)
  return { left: Math.min(most, budget.left + Math.max(0, earned)), refilledAt: Math.max(at, budget.refilledAt) }
}
