import type { StreamsUpdate, WallStream } from './operations.ts'

/** All streams as the last updates told them. Plain data. */
export interface Wall {
  streams: ReadonlyMap<string, WallStream>
  /** Every stream that there is has been told. */
  complete: boolean
}

export const emptyWall: Wall = { streams: new Map(), complete: false }

export function applyUpdate(wall: Wall, update: StreamsUpdate): Wall {
  const streams = new Map(update.reset ? [] : wall.streams)
  for (const id of update.removedIds) streams.delete(id)
  for (const stream of update.changed) streams.set(stream.id, stream)
  return { streams, complete: update.complete }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** By name, as people count: camera 2 before camera 10. */
export function ordered(wall: Wall): WallStream[] {
  return [...wall.streams.values()].sort((a, b) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

/** How many there are of each state, those that need somebody first. */
export function summary(wall: Wall): { state: WallStream['state']; count: number }[] {
  const order = ['ERROR', 'RECOVERING', 'STARTING', 'LIVE', 'STOPPING', 'STOPPED'] as const
  const states = [...wall.streams.values()].map(({ state }) => state)
  return order
    .map((state) => ({ state, count: states.filter((other) => other === state).length }))
    .filter(({ count }) => count > 0)
}

/** How many streams are not well, the worse first; those without a judgement are not counted. */
export function troubles(wall: Wall): { status: 'CRITICAL' | 'WARNING'; count: number }[] {
  const judged = [...wall.streams.values()].map(({ health }) => health?.status)
  return (['CRITICAL', 'WARNING'] as const)
    .map((status) => ({ status, count: judged.filter((other) => other === status).length }))
    .filter(({ count }) => count > 0)
}
