/** PostgreSQL's built-in types of arrays by those of their elements (pg_type.dat): the same in every database. */
export const arrayTypes: readonly (readonly [element: number, array: number])[] = [
  [16, 1000],
  [20, 1016],
  [21, 1005],
  [23, 1007],
  [25, 1009],
  [114, 199],
  [700, 1021],
  [701, 1022],
  [1043, 1015],
  [1114, 1115],
  [1184, 1185],
  [1700, 1231],
  [2950, 2951],
  [3802, 3807],
]

/** An array of one dimension as PostgreSQL writes it, `{a,"b c",NULL}`; each element through `parse`. */
export function parseArrayText<T>(text: string, parse: (element: string) => T): (T | null)[] {
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)
  return Array.from(elements, ([, quoted, plain]) => {
    if (quoted !== undefined) return parse(quoted.replace(/\\(.)/gs, '$1'))
    return plain === 'NULL' ? null : parse(plain!)
  })
}
