import { WeirError } from '../errors.ts'
import type { PlaceScope } from '../platform/database/tables.ts'
import type { Quotas } from '../reservations/model.ts'

/**
 * What sits on a place of a viewer: an open session without a reservation, or (`reserved`) a reservation that is HELD or ACTIVE, with the stream
 * and the source that the reservation names. A session on a reservation sits on the reservation's place and has none of its own.
 */
export interface PlaceHolder {
  projectId: string
  streamId: string
  source: string | null
  reserved: boolean
}

/** Null is no bound. */
export interface PlaceLimits {
  /** streams.maxConsumers */
  maxConsumersOfStream: number | null
  quotas: Quotas
}

/** A count that a place is part of, and how high it may go. */
export interface PlaceCount {
  scope: PlaceScope
  key: string
  limit: number | null
}

/** In `perSource`, the bound of each source that it does not name. */
export const anyOtherSource = '*'

/** How many places a source may have at a time; null where nothing bounds it. */
export function limitOfSource(quotas: Quotas, source: string): number | null {
  const { perSource = {} } = quotas
  if (Object.hasOwn(perSource, source)) return perSource[source]!
  return Object.hasOwn(perSource, anyOtherSource) ? perSource[anyOtherSource]! : null
}

/** The counts that a place is part of, each scope once, in the order in which their rows are locked (by name of the scope). */
export function countsOf(holder: PlaceHolder, limits: PlaceLimits): PlaceCount[] {
  const { projectId, streamId, source, reserved } = holder
  const { quotas } = limits
  return [
    { scope: 'CONSUMERS_OF_PROJECT', key: projectId, limit: quotas.maxConsumers ?? null },
    ...(source === null
      ? []
      : [{ scope: 'CONSUMERS_OF_SOURCE' as const, key: source, limit: limitOfSource(quotas, source) }]),
    { scope: 'CONSUMERS_OF_STREAM', key: streamId, limit: limits.maxConsumersOfStream },
    ...(reserved
      ? [{ scope: 'RESERVATIONS_OF_PROJECT' as const, key: projectId, limit: quotas.maxReservations ?? null }]
      : []),
  ]
}

const refusals: Record<PlaceScope, (count: PlaceCount) => string> = {
  CONSUMERS_OF_PROJECT: () => 'the project (quota maxConsumers)',
  CONSUMERS_OF_SOURCE: ({ key }) => `the source “${key}” (quota perSource)`,
  CONSUMERS_OF_STREAM: () => 'the stream (maxConsumers)',
  RESERVATIONS_OF_PROJECT: () => 'reservations of the project (quota maxReservations)',
}

/** QUOTA_EXCEEDED, with the bound that it was. */
export class PlaceRefusal extends WeirError {
  readonly scope: PlaceScope

  /** `taken`: how many are. */
  constructor(count: PlaceCount, taken: number) {
    const limit = count.limit ?? 0
    // Above it where it was lowered meanwhile: then there is none either.
    const available = Math.max(0, limit - taken)
    const text = `No place left for ${refusals[count.scope](count)}: ${taken} of ${limit} are taken; needed 1, available ${available}.`
    super('QUOTA_EXCEEDED', text, { needed: 1, available })
    this.scope = count.scope
  }
}
