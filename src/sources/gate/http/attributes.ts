/** Attributes of a playlist's tag in their order, by name; what is broken is left out. Values without their quotes. */
export function readAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>()
  let at = 0
  while (at < text.length && found.size < attributesRead) {
    const equals = text.indexOf('=', at)
    if (equals < 0) break
    const name = text.slice(at, equals).split(',').at(-1)!.trim()
    const isQuoted = text[equals + 1] === '"'
    const from = isQuoted ? equals + 2 : equals + 1
    const closing = text.indexOf(isQuoted ? '"' : ',', from)
    const to = closing < 0 ? text.length : closing
    if (/^[A-Z0-9-]{1,40}$/.test(name) && !found.has(name)) found.set(name, text.slice(from, to))
    at = to + 1
  }
  return found
}

/** Written in one form, whatever form they had: the next reader can't take them for anything else. */
export function writeAttributes(attributes: ReadonlyMap<string, string>): string {
  return [...attributes].map(([name, value]) => `${name}=${bare.test(value) ? value : `"${plain(value)}"`}`).join(',')
}

const attributesRead = 40
const bare = /^[A-Za-z0-9.@-]+$/

function plain(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return value.replace(/["\u0000-\u001f\u007f]/g, '')
}
