import type { PlayerStats } from '../consumers/model.ts'
import { badInput } from '../errors.ts'

/** What a player may tell of itself; null and absent are both "not known". */
export type PlayerStatsInput = { [Name in keyof PlayerStats]?: number | null | undefined }

/** What is known of a player. Null where it told nothing. Throws BAD_USER_INPUT: nothing that is counted or measured here is negative. */
export function readPlayerStats(input: PlayerStatsInput | null | undefined, path: string): PlayerStats | null {
  if (input == null) return null
  const stats: PlayerStats = {}
  let isEmpty = true
  for (const name in input) {
    const value = input[name as keyof PlayerStats]
    if (value == null) continue
    if (value < 0) throw badInput(`${path}.${name}`, 'must not be negative')
    stats[name as keyof PlayerStats] = value
    isEmpty = false
  }
  return isEmpty ? null : stats
}
