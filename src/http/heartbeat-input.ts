import type { PlayerStats } from '../consumers/model.ts'
import { type PlayerStatsInput, readPlayerStats } from '../heartbeats/player-stats.ts'
import { kindOfId } from '../ids.ts'

/** One heartbeat, coerced and checked. */
export interface HeartbeatInput {
  consumerId: string
  stats: PlayerStats | null
}

const maxInt = 2 ** 31
const isBigInt = Number.isSafeInteger
const isInt = (value: unknown) => Number.isInteger(value) && (value as number) < maxInt && (value as number) >= -maxInt
/** As PlayerStatsInput's fields coerce them (schema/heartbeat.ts). */
const statChecks: Record<keyof PlayerStats, (value: unknown) => boolean> = {
  framesDecoded: isBigInt,
  framesDropped: isBigInt,
  freezeCount: isInt,
  jitterMs: Number.isFinite,
  roundTripMs: Number.isFinite,
  bitrateBps: isBigInt,
}

/** The session's id and statistics as GraphQL and the resolver would take them; null for what they may refuse or coerce in a way of their own. */
export function readHeartbeat(consumerId: unknown, stats: unknown): HeartbeatInput | null {
  if (typeof consumerId !== 'string' || kindOfId(consumerId) !== 'Consumer') return null
  if (stats == null) return { consumerId, stats: null }
  if (!isObject(stats)) return null
  for (const name of Object.keys(stats)) {
    if (!Object.hasOwn(statChecks, name)) return null
    const value = stats[name]
    if (value !== null && !statChecks[name as keyof PlayerStats](value)) return null
    if (Number(value) < 0) return null
  }
  return { consumerId, stats: readPlayerStats(stats as PlayerStatsInput, 'stats') }
}

/** The same of a list of HeartbeatInput. */
export function readHeartbeats(list: unknown, maxLength: number): HeartbeatInput[] | null {
  if (!Array.isArray(list) || list.length > maxLength) return null
  const read: HeartbeatInput[] = []
  for (const entry of list) {
    if (!isObject(entry)) return null
    for (const name of Object.keys(entry)) if (name !== 'consumerId' && name !== 'stats') return null
    const one = readHeartbeat(entry.consumerId, entry.stats)
    if (!one) return null
    read.push(one)
  }
  return read
}

/** Of what JSON.parse makes. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
