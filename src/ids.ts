import { typeid } from 'typeid-js'
import { badInput } from './errors.ts'

/** Kinds of things and the prefix of their ids. Published: ids are the same in the API, logs, metrics, URLs and webhooks. */
export const idPrefixes = {
  Project: 'project',
  ApiKey: 'key',
  MediaNode: 'node',
  Stream: 'stream',
  Producer: 'producer',
  Consumer: 'consumer',
  Reservation: 'reservation',
  Event: 'event',
  RecoveryAttempt: 'attempt',
} as const

export type IdKind = keyof typeof idPrefixes

const kindByPrefix = new Map<string, IdKind>(
  Object.entries(idPrefixes).map(([kind, prefix]) => [prefix as string, kind as IdKind]),
)

/** A new TypeID: prefix, then a UUIDv7 in 26 characters, so ids of one kind sort by the time they were made. */
export function newId(kind: IdKind): string {
  return typeid(idPrefixes[kind]).toString()
}

const shape = /^([a-z]+)_([0-7][0-9a-hjkmnp-tv-z]{25})$/

/** The kind that an id names, or null where it is no id of ours. */
export function kindOfId(id: string): IdKind | null {
  const match = shape.exec(id)
  return match ? (kindByPrefix.get(match[1]!) ?? null) : null
}

/** Returns the id when it is of this kind, else throws BAD_USER_INPUT for the field at `path`. */
export function requireId(id: string, kind: IdKind, path: string): string {
  if (kindOfId(id) !== kind) throw badInput(path, `not the id of a ${kind} (${idPrefixes[kind]}_…)`)
  return id
}
