import { redact } from '../redact.ts'

const maxDepth = 6
const maxEntries = 100
const maxText = 8192

/** Fields whose text is never written, whatever it looks like. */
const secretField =
  /pass(?:word|wd|phrase)?$|secret|token$|authorization|cookie|credentials?$|(?:api|access|admin|private|stream)_?key$/i

/**
 * A log line's context as plain JSON data: keys in snake_case as the log's contract has them, every text redacted,
 * what is named like a secret left out, errors with their stack and causes. Bounded in depth, width and length; never throws.
 */
export function toLogData(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) return '…'
  try {
    if (value instanceof Error) return errorData(value, depth)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (value instanceof URL) return cleanText(value.href)
    if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
    if (Array.isArray(value)) return list(value, depth)
    if (value instanceof Set) return list([...value], depth)
    return record(value instanceof Map ? value.entries() : Object.entries(value), depth)
  } catch {
    return '[unreadable]'
  }
}

/** One text, redacted and cut. */
export function cleanText(text: string): string {
  // Cut after redaction: cutting first could split a secret from what gives it away.
  const safe = redact(text.length > 4 * maxText ? text.slice(0, 4 * maxText) : text).replace(controls, '')
  return safe.length > maxText ? `${safe.slice(0, maxText)}…` : safe
}

/** What would move a terminal's cursor or change its colours. */
const controls = /(?![\n\t])\p{Cc}/gu

function errorData(error: Error, depth: number): unknown {
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause', 'errors'].includes(key))
  return {
    type: error.name,
    message: cleanText(error.message),
    stack: cleanText(error.stack ?? ''),
    ...(record(own, depth) as object),
    ...(error.cause === undefined ? {} : { cause: toLogData(error.cause, depth + 1) }),
    ...(error instanceof AggregateError ? { errors: list(error.errors, depth) } : {}),
  }
}

function list(values: unknown[], depth: number): unknown[] {
  const shown = values.slice(0, maxEntries).map((value) => toLogData(value, depth + 1))
  return values.length > maxEntries ? [...shown, `… ${values.length - maxEntries} more`] : shown
}

function record(entries: Iterable<[unknown, unknown]>, depth: number): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  let count = 0
  for (const [key, value] of entries) {
    if (++count > maxEntries) {
      data['…'] = 'more'
      break
    }
    const name = snakeCase(cleanText(String(key)))
    data[name] = typeof value === 'string' && secretField.test(name) ? '***' : toLogData(value, depth + 1)
  }
  return data
}

/** streamId → stream_id; names that aren't camelCase stay as they are. */
function snakeCase(name: string): string {
  return /^[a-z]+(?:[A-Z][a-z0-9]*)+$/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : name
}
