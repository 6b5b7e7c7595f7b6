import { redact } from './redact.ts'

const mark = '***'
/** A shorter text stands in a log for something else, too. */
const leastLength = 5

/**
 * The texts that are secret in a URL, as they stand there and decoded, the longest first: for a log that may write them without the URL around
 * them, by which redaction knows them. Not a user's name, which says little and stands everywhere.
 */
export function secretsIn(url: string): string[] {
  const shown = redact(url)
  const parts = shown === url ? [] : (between(shown.split(mark), url) ?? [])
  const texts = parts.flatMap((part) => [part, part.slice(part.indexOf(':') + 1)]).filter((text) => text !== '')
  const all = new Set(texts.flatMap((text) => [text, decoded(text)]).filter((text) => text.length >= leastLength))
  return [...all].sort((a, b) => b.length - a.length)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What stands between these pieces, which follow one another in the whole text; null where that can be read in two ways. */
export function between(pieces: string[], whole: string): string[] | null {
  const first = pieces[0]!
  const last = pieces.at(-1)!
  const inner = pieces.slice(1, -1)
  const end = whole.length - last.length
  if (!whole.startsWith(first) || !whole.endsWith(last) || end < first.length) return null
  const early: number[] = []
  let from = first.length
  for (const piece of inner) {
    const at = whole.indexOf(piece, from)
    if (at < 0 || at + piece.length > end) return null
    early.push(at)
    from = at + piece.length
  }
  let until = end
  for (let i = inner.length - 1; i >= 0; i--) {
    const at = whole.lastIndexOf(inner[i]!, until - inner[i]!.length)
    if (at !== early[i]) return null
    until = at
  }
  const starts = [first.length, ...early.map((at, i) => at + inner[i]!.length)]
  return starts.map((start, i) => whole.slice(start, early[i] ?? end))
}
