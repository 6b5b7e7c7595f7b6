/** What is known at a start of the key that this server has. */
export interface KeyFacts {
  hasKey: boolean
  /** Whose key made the mark in the database: nobody's yet, this one, the one before it, or one that is not here. */
  markedBy: 'NOBODY' | 'THIS' | 'PREVIOUS' | 'ANOTHER'
  /** No other server can be on this database. */
  alone: boolean
  /** Something in the database is sealed. */
  hasSealed: boolean
  /** The operator says that the key before is lost, and gives up what it sealed. */
  givesUp: boolean
}

/** USE: as it is. CLAIM: this key, made now where there is none, is the database's from now on. */
export type KeyVerdict = 'USE' | 'CLAIM' | 'MISSING' | 'WRONG'

/** A key becomes the database's only where nothing is lost by it, or where the operator says so. */
export function keyVerdict({ hasKey, markedBy, alone, hasSealed, givesUp }: KeyFacts): KeyVerdict {
  if (markedBy === 'NOBODY') return 'CLAIM'
  if (hasKey && markedBy === 'THIS') return 'USE'
  if (hasKey && markedBy === 'PREVIOUS') return 'CLAIM'
  if (givesUp || (alone && !hasSealed)) return 'CLAIM'
  return hasKey ? 'WRONG' : 'MISSING'
}
