import { and, type Column, eq, gt, gte, lt, lte, or, type SQL } from 'drizzle-orm'
import { badInput, WeirError } from '../src/errors.ts'

/** The most that one page may hold. More is refused, never cut. */
export const maxPageSize = 100
export const defaultPageSize = 20

export interface PageArgs {
  first?: number | null | undefined
  after?: string | null | undefined
  last?: number | null | undefined
  before?: string | null | undefined
}

export type Direction = 'asc' | 'desc'
type Value = string | number | Date

/** How a list is ordered and how a row's place in it is written as a cursor. The last key is unique. */
export interface Order<Row> {
  direction: Direction
  keys: readonly (keyof Row & string)[]
  encode: (row: Row) => string
  /** The values of the keys, or null for what is no cursor of this list. */
  decode: (cursor: string) => Value[] | null
}

export interface Page {
  size: number
  backward: boolean
  after: Value[] | null
  before: Value[] | null
}

/** Reads the four arguments of a connection. Throws BAD_USER_INPUT naming the one at fault. */
export function readPage<Row>(args: PageArgs, order: Order<Row>): Page {
  if (args.first != null && args.last != null) throw badInput('last', 'give either first or last')
  const name = args.last != null ? 'last' : 'first'
  const size = args.last ?? args.first ?? defaultPageSize
  if (size < 0) throw badInput(name, 'must not be negative')
  if (size > maxPageSize) throw badInput(name, `must be at most ${maxPageSize}`)
  return {
    size,
    backward: args.last != null,
    after: readCursor('after', args.after, order),
    before: readCursor('before', args.before, order),
  }
}

function readCursor<Row>(name: string, cursor: string | null | undefined, order: Order<Row>): Value[] | null {
  if (cursor == null) return null
  const values = cursor.length <= 2048 ? order.decode(cursor) : null
  if (!values) throw badInput(name, 'not a cursor of this list in this order')
  return values
}

/** What the relational query of one page asks for: one row more than the page, to know whether there is a next one. */
export function pageQuery<Row>(page: Page, order: Order<Row>, filter?: (table: Columns) => SQL | undefined) {
  const flipped = order.direction === 'asc' ? 'desc' : 'asc'
  const direction = page.backward ? flipped : order.direction
  return {
    limit: page.size + 1,
    orderBy: Object.fromEntries(order.keys.map((key) => [key, direction])),
    where: {
      RAW: (table: Columns) =>
        and(
          filter?.(table),
          page.after ? beyond(table, order.keys, page.after, order.direction) : undefined,
          page.before ? beyond(table, order.keys, page.before, flipped) : undefined,
        ) as SQL,
    },
  }
}

/** A table, possibly under an alias, by the names of its columns. */
export type Columns = Record<string, Column>

/** Rows after a place. The first comparison is the one that an index can use. */
function beyond(table: Columns, keys: readonly string[], values: Value[], direction: Direction): SQL | undefined {
  const [after, from] = direction === 'asc' ? [gt, gte] : [lt, lte]
  const first = table[keys[0]!]!
  if (keys.length === 1) return after(first, values[0])
  const second = table[keys[1]!]!
  return and(from(first, values[0]), or(after(first, values[0]), and(eq(first, values[0]), after(second, values[1]))))
}

/** The connection that a page's rows make, in the list's own order. */
export function toConnection<Row>(rows: readonly Row[], page: Page, order: Order<NoInfer<Row>>) {
  const more = rows.length > page.size
  const kept = rows.slice(0, page.size)
  if (page.backward) kept.reverse()
  const edges = kept.map((node) => ({ cursor: order.encode(node), node }))
  return {
    edges,
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: page.backward ? page.before !== null : more,
      hasPreviousPage: page.backward ? more : page.after !== null,
    },
  }
}

/** An order by one or two columns whose cursors name the order, so that one can't be used under another. */
export function orderBy<Row>(name: string, direction: Direction, keys: readonly (keyof Row & string)[]): Order<Row> {
  const label = `${name}:${direction}`
  return {
    direction,
    keys,
    encode: (row) => {
      const values = keys.map((key) => {
        const value = row[key]
        return value instanceof Date ? { t: value.getTime() } : value
      })
      return toBase64Url(JSON.stringify([label, ...values]))
    },
    decode: (cursor) => {
      const parsed = parseJson(fromBase64Url(cursor))
      if (!Array.isArray(parsed) || parsed[0] !== label || parsed.length !== keys.length + 1) return null
      const values = parsed.slice(1).map(toValue)
      return values.every((value) => value !== null) ? values : null
    },
  }
}

function toValue(part: unknown): Value | null {
  if (typeof part === 'string') return part.includes('\0') ? null : part
  if (typeof part === 'number') return part
  const time = (part as { t?: unknown } | null)?.t
  return typeof time === 'number' && !Number.isNaN(new Date(time).getTime()) ? new Date(time) : null
}

function toBase64Url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): string {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)))
  } catch {
    return ''
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Refuses a list of ids or words that is longer than one page. */
export function requireShortList(list: readonly unknown[] | null | undefined, path: string): void {
  if (list && list.length > maxPageSize)
    throw new WeirError('BAD_USER_INPUT', `${path}: at most ${maxPageSize}`, {
      fields: [{ path, message: `at most ${maxPageSize}` }],
    })
}
