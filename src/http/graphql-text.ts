import { type DocumentNode, Kind, visit } from 'graphql'

/** A database can not keep it: PostgreSQL's text knows neither NUL nor halves of a surrogate pair, and JSON with them is none. */
export function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** Whether every string that is written out in a document is text. */
export function hasOnlyText(source: string, document: DocumentNode): boolean {
  // Without an escape a literal is what stands in the source.
  if (isText(source) && !source.includes('\\u')) return true
  let isGood = true
  visit(document, {
    [Kind.STRING]({ value }) {
      isGood &&= isText(value)
    },
  })
  return isGood
}

/** Where among a request's variables a string or a name is no text, such as `input.name`; null where all are. For variables that are no deeper than they may be. */
export function placeOfNoText(variables: unknown, path: readonly string[] = []): string | null {
  if (typeof variables === 'string') return isText(variables) ? null : path.join('.')
  if (typeof variables !== 'object' || variables === null) return null
  for (const [name, value] of Object.entries(variables)) {
    const place = isText(name) ? placeOfNoText(value, [...path, name]) : path.join('.')
    if (place !== null) return place
  }
  return null
}
