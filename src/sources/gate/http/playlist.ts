import type { FailureCause } from '../../../streams/model.ts'
import { readAttributes, writeAttributes } from './attributes.ts'

export type Role = 'PLAYLIST' | 'SEGMENT' | 'KEY' | 'MAP'

export interface PlaylistUse {
  /** Where it came from, redirects followed. */
  base: URL
  /** The addresses of the lists that led here, its own and those it was redirected to among them. */
  ancestors: readonly string[]
  /** 1 for the first list. */
  depth: number
  /** The address that is written in the place of one. */
  address(url: URL, role: Role): string
}

export type Rewritten = { text: string } | { cause: FailureCause; note: string }

export const playlistBytes = 4 * 1024 * 1024
/** A day of the shortest usual pieces. */
const linesRead = 150_000
const addressesRead = 45_000
const addressLength = 4_096
/** A list of lists may not lead to another such list: FFmpeg would follow them without end. */
const listsDeep = 2

const flags = ['EXT-X-DISCONTINUITY', 'EXT-X-ENDLIST', 'EXT-X-INDEPENDENT-SEGMENTS', 'EXT-X-I-FRAMES-ONLY']
const values: Record<string, RegExp> = {
  'EXT-X-VERSION': /^\d{1,3}$/,
  'EXT-X-TARGETDURATION': /^\d{1,9}(?:\.\d{1,9})?$/,
  'EXT-X-MEDIA-SEQUENCE': /^\d{1,18}$/,
  'EXT-X-DISCONTINUITY-SEQUENCE': /^\d{1,18}$/,
  'EXT-X-PLAYLIST-TYPE': /^(?:EVENT|VOD)$/,
  'EXT-X-PROGRAM-DATE-TIME': /^[\d:.TZ+-]{1,40}$/,
  'EXT-X-BYTERANGE': /^\d{1,18}(?:@\d{1,18})?$/,
}
const withAttributes: Record<string, { role: Role | null; names: string[] }> = {
  'EXT-X-START': { role: null, names: ['TIME-OFFSET', 'PRECISE'] },
  'EXT-X-KEY': { role: 'KEY', names: ['METHOD', 'IV', 'KEYFORMAT', 'KEYFORMATVERSIONS'] },
  'EXT-X-SESSION-KEY': { role: 'KEY', names: ['METHOD', 'IV', 'KEYFORMAT', 'KEYFORMATVERSIONS'] },
  'EXT-X-MAP': { role: 'MAP', names: ['BYTERANGE'] },
  'EXT-X-MEDIA': {
    role: 'PLAYLIST',
    names: ['TYPE', 'GROUP-ID', 'LANGUAGE', 'NAME', 'DEFAULT', 'AUTOSELECT', 'FORCED', 'CHANNELS', 'CHARACTERISTICS'],
  },
  'EXT-X-STREAM-INF': {
    role: null,
    names: [
      ...['BANDWIDTH', 'AVERAGE-BANDWIDTH', 'PROGRAM-ID', 'CODECS', 'RESOLUTION', 'FRAME-RATE', 'AUDIO', 'VIDEO'],
      ...['SUBTITLES', 'CLOSED-CAPTIONS', 'NAME'],
    ],
  },
  'EXT-X-I-FRAME-STREAM-INF': { role: 'PLAYLIST', names: ['BANDWIDTH', 'CODECS', 'RESOLUTION', 'VIDEO'] },
}

/**
 * A playlist with our addresses in the place of its own, written anew from what is understood of it: no tag, attribute or form of theirs
 * that is not listed here gets through.
 */
export function rewritePlaylist(text: string, { base, ancestors, depth, address }: PlaylistUse): Rewritten {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/, linesRead + 1)
  if (lines.length > linesRead) return refused('UNSUPPORTED', `A playlist has more than ${linesRead} lines.`)
  if (lines[0]!.trimEnd() !== '#EXTM3U') return refused('UNSUPPORTED', 'What was asked for is no playlist.')
  const out = ['#EXTM3U']
  let next: Role | null = null
  let addresses = 0
  let problem: Rewritten | null = null

  function replaced(uri: string, role: Role): string | null {
    const url = uri.length > addressLength ? null : parsed(uri, base)
    if (!url) problem = refused('UNSUPPORTED', 'A playlist names what is no address.')
    else if (url.protocol !== 'http:' && url.protocol !== 'https:')
      problem = refused('BLOCKED', `A playlist names an address with the scheme ${url.protocol.slice(0, 20)}`)
    else if (ancestors.includes(withoutFragment(url))) problem = refused('REDIRECT_LOOP', 'A playlist names itself.')
    else if (role === 'PLAYLIST' && depth >= listsDeep)
      problem = refused('REDIRECT_LOOP', 'A list of playlists leads to another.')
    else if (++addresses > addressesRead)
      problem = refused('UNSUPPORTED', `A playlist names more than ${addressesRead} addresses.`)
    else return address(url, role)
    return null
  }

  for (const line of lines.slice(1)) {
    if (problem) return problem
    if (line === '') continue
    if (!line.startsWith('#')) {
      const uri = line.trim()
      if (next === null || uri === '') continue
      out.push(replaced(uri, next) ?? '')
      next = null
      continue
    }
    const colon = line.indexOf(':')
    const tag = line.slice(1, colon < 0 ? undefined : colon).trimEnd()
    const value = colon < 0 ? '' : line.slice(colon + 1).trim()
    if (tag === 'EXTINF') {
      const seconds = /^\d{1,9}(?:\.\d{1,9})?/.exec(value)?.[0]
      out.push(`#EXTINF:${seconds ?? 0},`)
      next = 'SEGMENT'
    } else if (flags.includes(tag)) out.push(`#${tag}`)
    else if (Object.hasOwn(values, tag)) {
      if (values[tag]!.test(value)) out.push(`#${tag}:${value}`)
    } else if (Object.hasOwn(withAttributes, tag)) {
      const { role, names } = withAttributes[tag]!
      const given = readAttributes(value)
      const kept = new Map([...given].filter(([name]) => names.includes(name)))
      const uri = role && given.get('URI')
      if (role && uri !== undefined && uri !== null) kept.set('URI', replaced(uri, role) ?? '')
      out.push(`#${tag}:${writeAttributes(kept)}`)
      if (tag === 'EXT-X-STREAM-INF') next = 'PLAYLIST'
    }
  }
  return problem ?? { text: `${out.join('\n')}\n` }
}

/** Two addresses are the same whatever their fragment is: it is not sent. */
export function withoutFragment(url: URL): string {
  const { href, hash } = url
  return hash === '' ? href : href.slice(0, href.length - hash.length)
}

function refused(cause: FailureCause, note: string): Rewritten {
  return { cause, note }
}

function parsed(uri: string, base: URL): URL | null {
  try {
    return new URL(uri, base)
  } catch {
    return null
  }
}
