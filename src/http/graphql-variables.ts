import { type Excess, excessOf } from './graphql-limits.ts'

/** What of a request's variables, as JSON.parse made them, is too much to be looked at. Their bytes are counted as JSON would have them, each character as one. */
export function excessOfVariables(variables: unknown): Excess | null {
  let bytes = 0
  // Not by recursion: JSON may be as deep as it is long.
  let level: unknown[] = [variables]
  for (let depth = 1; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const value of level) {
      bytes += sizeOf(value)
      if (typeof value === 'object' && value !== null) {
        const tooDeep = excessOf('variablesDepth', depth)
        if (tooDeep) return tooDeep
        const isList = Array.isArray(value)
        for (const name in value) {
          if (!isList) bytes += name.length + 3
          next.push((value as Record<string, unknown>)[name])
        }
      }
      const tooLong = excessOf('variablesBytes', bytes)
      if (tooLong) return tooLong
    }
    level = next
  }
  return null
}

/** With the comma or bracket beside it. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3
  return typeof value === 'number' ? String(value).length + 1 : typeof value === 'object' && value !== null ? 2 : 5
}
