import { badInput, WeirError } from '../errors.ts'
import type { StreamSource, UrlSource, UrlSourceKind } from './model.ts'
import type { StreamSourceInput } from './types.ts'

const maxUrlLength = 2048
const maxPathLength = 1024

/** The schemes of each kind of URL source. */
const schemes: Record<UrlSourceKind, readonly string[]> = {
  RTSP: ['rtsp', 'rtsps'],
  RTMP: ['rtmp', 'rtmps'],
  HLS: ['http', 'https'],
  HTTP: ['http', 'https'],
  SRT: ['srt'],
}

/** Those of all kinds. */
export const urlSchemes: readonly string[] = [...new Set(Object.values(schemes).flat())]

/**
 * The source that an input means. Throws BAD_USER_INPUT with the path of the part that is wrong. Purely lexical: whether a
 * file is there, and stays below MEDIA_DIR through links too, only the machine that has it can tell.
 */
export function parseSource(input: StreamSourceInput, path: string): StreamSource {
  const given = [input.url, input.file, input.testPattern].filter((part) => part != null)
  if (given.length !== 1) throw badInput(path, 'exactly one of url, file and testPattern is needed')
  if (input.url) return parseUrlSource(input.url, `${path}.url`)
  if (input.file)
    return { kind: 'FILE', path: parseFilePath(input.file.path, `${path}.file.path`), loop: input.file.loop }
  return parseTestPattern(input.testPattern!, `${path}.testPattern`)
}

function parseUrlSource(input: NonNullable<StreamSourceInput['url']>, path: string): UrlSource {
  const field = `${path}.url`
  const text = String(input.url).trim()
  if (text.length > maxUrlLength) throw badInput(field, `longer than ${maxUrlLength} characters`)
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw badInput(field, 'not a URL, such as rtsp://camera.example:554/stream')
  }
  const scheme = url.protocol.slice(0, -1)
  if (!urlSchemes.includes(scheme)) {
    throw badInput(field, `the scheme ${scheme} is not one of ${urlSchemes.join(', ')}`)
  }
  if (url.hostname === '') throw badInput(field, 'a host is missing')
  if (hasControlCharacters(text)) throw badInput(field, 'control characters and spaces are not allowed')
  const kind = input.kind ?? kindOfUrl(scheme, url.pathname)
  if (!schemes[kind].includes(scheme)) {
    throw badInput(
      `${path}.kind`,
      `a source of kind ${kind} has a URL with ${schemes[kind].join(' or ')}, not ${scheme}`,
    )
  }
  if (input.rtspTransport && kind !== 'RTSP') throw badInput(`${path}.rtspTransport`, 'only for RTSP sources')
  return { kind, url: text, ...(input.rtspTransport ? { rtspTransport: input.rtspTransport } : {}) }
}

function kindOfUrl(scheme: string, pathname: string): UrlSourceKind {
  if (scheme.startsWith('rtsp')) return 'RTSP'
  if (scheme.startsWith('rtmp')) return 'RTMP'
  if (scheme === 'srt') return 'SRT'
  return /\.m3u8?$/i.test(pathname) ? 'HLS' : 'HTTP'
}

function parseFilePath(text: string, path: string): string {
  if (text.length === 0) throw badInput(path, 'a path is missing')
  if (text.length > maxPathLength) throw badInput(path, `longer than ${maxPathLength} characters`)
  if (hasControlCharacters(text.replaceAll(' ', ''))) throw badInput(path, 'control characters are not allowed')
  if (text.startsWith('/') || text.includes('\\')) throw badInput(path, 'has to be relative to MEDIA_DIR, parted by /')
  const parts = text.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw badInput(path, 'leads outside MEDIA_DIR')
  if (parts.length === 0) throw badInput(path, 'names no file')
  return parts.join('/')
}

function parseTestPattern(input: NonNullable<StreamSourceInput['testPattern']>, path: string): StreamSource {
  const { width, height, fps, tone } = input
  inRange(width, 16, 3840, `${path}.width`)
  inRange(height, 16, 2160, `${path}.height`)
  inRange(fps, 1, 60, `${path}.fps`)
  if (width % 2 !== 0) throw badInput(`${path}.width`, 'has to be even')
  if (height % 2 !== 0) throw badInput(`${path}.height`, 'has to be even')
  return { kind: 'TEST_PATTERN', width, height, fps, tone }
}

function inRange(value: number, least: number, most: number, path: string): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw badInput(path, `has to be from ${least} to ${most}`)
}

function hasControlCharacters(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code <= 0x20 || code === 0x7f) return true
  }
  return false
}

/** True where both mean the same: what was learnt of the one holds for the other. */
export function sameSource(a: StreamSource, b: StreamSource): boolean {
  const flat = (source: StreamSource) => JSON.stringify(Object.entries(source).sort(([x], [y]) => (x < y ? -1 : 1)))
  return flat(a) === flat(b)
}

/** How the files of FILE sources are looked at; throws BAD_USER_INPUT for what leads outside MEDIA_DIR or is no file. */
export interface MediaFiles {
  /** The absolute path of a file below MEDIA_DIR, links followed. `path` names the field for the error. */
  resolve(file: string, path: string): Promise<string>
}

/** For an API that has no files at hand: the node that runs the stream looks again. */
export const noMediaFiles: MediaFiles = {
  resolve: () => Promise.reject(new WeirError('UNAVAILABLE', 'This server has no MEDIA_DIR.')),
}
