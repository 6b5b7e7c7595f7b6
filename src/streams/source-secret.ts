import { badInput } from '../errors.ts'
import { redact } from '../platform/redact.ts'
import { between } from '../platform/redacted-parts.ts'
import { SealError, type SecretBox } from '../platform/secret-box.ts'
import { SourceFailure } from './causes.ts'
import type { StreamSource } from './model.ts'

/** What stands where a secret was. */
const mark = '***'

/** A source as its row has it: what may be shown, and beside it the whole URL sealed; null where it holds no secret. */
export interface SealedSource {
  source: StreamSource
  sourceSecret: string | null
}

const placeOf = (streamId: string) => `streams.source:${streamId}`

/** The two columns that a source becomes. */
export function sealSource(box: SecretBox, streamId: string, source: StreamSource): SealedSource {
  if (!('url' in source)) return { source, sourceSecret: null }
  const shown = redact(source.url)
  if (shown === source.url) return { source, sourceSecret: null }
  return { source: { ...source, url: shown }, sourceSecret: box.seal(source.url, placeOf(streamId)) }
}

/** The source with its secrets: for the moment in which it is opened, never to be kept. Throws SealError. */
export function openSource(box: SecretBox, row: SealedSource & { id: string }): StreamSource {
  const { source, sourceSecret } = row
  if (!('url' in source)) return source
  if (sourceSecret !== null) return { ...source, url: box.open(sourceSecret, placeOf(row.id)) }
  // Its secret was given up with a lost key.
  if (source.url.includes(mark)) throw new SealError()
  return source
}

/** As openSource, for who is to open it: throws SourceFailure. */
export function sourceToOpen(box: SecretBox, row: SealedSource & { id: string }): StreamSource {
  try {
    return openSource(box, row)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new SourceFailure(
      'AUTH',
      "The source's password can not be read with this server's SECRET_KEY: give its URL anew.",
    )
  }
}

/** What of a row has to be written so that nothing secret stands in plain text and all is sealed with today's key; null: nothing. */
export function sealedAnew(
  box: SecretBox,
  row: SealedSource & { id: string },
  { givesUp }: { givesUp: boolean },
): Partial<SealedSource> | null {
  const { id, source, sourceSecret } = row
  if (!('url' in source)) return null
  if (sourceSecret === null) {
    if (source.url.includes(mark)) return null
    const sealed = sealSource(box, id, source)
    return sealed.sourceSecret === null ? null : sealed
  }
  if (box.isCurrent(sourceSecret, placeOf(id))) {
    // By an older version, which took less for a secret.
    return redact(source.url) === source.url ? null : { source: { ...source, url: redact(source.url) } }
  }
  try {
    return sealSource(box, id, openSource(box, row))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return givesUp ? { sourceSecret: null } : null
  }
}

/** Throws BAD_USER_INPUT for a URL that was copied from where secrets are taken out. */
export function requireWhole(source: StreamSource, path: string): void {
  if ('url' in source && source.url.includes(mark))
    throw badInput(
      `${path}.url.url`,
      `has ${mark} where a secret was taken out: give the secret itself (* of its own is written %2A)`,
    )
}

/**
 * A source that was given with `***` in its URL, with the secrets of the stored one in those places. It has to lead to the same place:
 * scheme, host, port and path, and to name its secrets as that one does. Throws BAD_USER_INPUT. `stored` is null where it can't be opened.
 */
export function withKeptSecrets(
  given: StreamSource,
  shown: StreamSource,
  stored: StreamSource | null,
  path: string,
): StreamSource {
  if (!('url' in given) || !given.url.includes(mark)) return given
  const url =
    'url' in shown && stored !== null && 'url' in stored && samePlace(given.url, shown.url)
      ? filled(given.url, shown.url, stored.url)
      : null
  if (url === null)
    throw badInput(
      `${path}.url.url`,
      `${mark} keeps a secret only where scheme, host, port and path stay as they are: give the whole URL`,
    )
  return { ...given, url }
}

function samePlace(a: string, b: string): boolean {
  const place = (text: string) => {
    const { protocol, host, pathname } = new URL(text)
    return `${protocol}//${host}${pathname}`
  }
  return place(a) === place(b)
}

/** `given` with each mark replaced by the secret that `stored` has where `shown` has its mark; null where that is not clear. */
function filled(given: string, shown: string, stored: string): string | null {
  const secrets = between(shown.split(mark), stored)
  if (secrets === null || /\*\*\*(?![@&/?#]|$)/.test(given)) return null
  const names = namesOf(shown)
  const taken = new Set<number>()
  const found: string[] = []
  for (const name of namesOf(given)) {
    const at = names.findIndex((one, i) => one === name && !taken.has(i))
    if (at < 0) return null
    taken.add(at)
    found.push(secrets[at]!)
  }
  const url = given.split(mark).reduce((text, rest, i) => text + found[i - 1]! + rest)
  // What was put in is taken out again at the same places, and nothing else is.
  return redact(url) === redact(given) ? url : null
}

/** What stands before each mark, from the last separator on: `//` of userinfo, `token=` of a parameter. */
function namesOf(text: string): string[] {
  return text
    .split(mark)
    .slice(0, -1)
    .map((before) => /(?:\/\/|[/?&;#]?)[^/?&;#]*$/.exec(before)![0].replace(/^[?&]/, ''))
}
