/**
 * How many objects one point pays for: the largest operation that is taken (25,000) costs 100 points, which is all that an address without a key has in a minute
 * by default, and the usual page of one costs one.
 */
export const objectsPerPoint = 250

/** What an operation takes: a point for each mutation in it, and for the objects that it asks for at most (costOf). Never nothing. */
export function pointsOf(cost: number, mutations: number): number {
  return Math.max(1, mutations, Math.ceil(cost / objectsPerPoint))
}
