import { badInput } from '../errors.ts'
import { anyOtherSource } from '../places/model.ts'
import { parseSourceName } from '../places/source-name.ts'
import type { Quotas } from '../reservations/model.ts'
import type { QuotasInput } from './types.ts'

const maxPlaces = 1_000_000
const maxNamed = 100
const maxRequestsPerMinute = 10_000_000

/** The quotas after a change: absent keeps, null takes a limit away, and null in place of the input all of them. Throws BAD_USER_INPUT. */
export function changeQuotas(before: Quotas, input: QuotasInput | null | undefined, path: string): Quotas {
  if (input === undefined) return before
  if (input === null) return {}
  const after: Quotas = { ...before }
  for (const name of ['maxConsumers', 'maxReservations'] as const) {
    const value = input[name]
    if (value === undefined) continue
    if (value === null) delete after[name]
    else after[name] = parsePlaces(value, `${path}.${name}`)
  }
  const { requestsPerMinute } = input
  if (requestsPerMinute === null) delete after.requestsPerMinute
  else if (requestsPerMinute !== undefined)
    after.requestsPerMinute = parseRate(requestsPerMinute, `${path}.requestsPerMinute`)
  if (input.perSource === undefined) return after
  const perSource = parsePerSource(input.perSource, `${path}.perSource`)
  if (Object.keys(perSource).length === 0) delete after.perSource
  else after.perSource = perSource
  return after
}

function parsePlaces(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maxPlaces) {
    throw badInput(path, 'has to be a whole number from 0 to 1,000,000')
  }
  return value
}

/** Never 0: who may ask nothing can't be given more by its own key either. */
function parseRate(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxRequestsPerMinute) return value
  throw badInput(path, 'has to be a whole number from 1 to 10,000,000')
}

function parsePerSource(value: unknown, path: string): Record<string, number> {
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw badInput(path, 'has to be an object of whole numbers')
  const entries = Object.entries(value)
  if (entries.length > maxNamed) throw badInput(path, `more than ${maxNamed} names`)
  const parsed = new Map<string, number>()
  for (const [key, places] of entries) {
    const name = key.trim() === anyOtherSource ? anyOtherSource : parseSourceName(key, `${path}.${key.slice(0, 100)}`)
    if (parsed.has(name)) throw badInput(`${path}.${name}`, 'is there twice')
    parsed.set(name, parsePlaces(places, `${path}.${name}`))
  }
  return Object.fromEntries(parsed)
}
