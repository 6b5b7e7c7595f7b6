import { isAscii } from 'node:buffer'
import { graphqlPath } from './graphql.ts'
import { arePlain, type HeartbeatHeaders, headersOfOthers } from './heartbeat-exchange.ts'

/** Headers of a plain heartbeat that go by their value; each may come once. */
const read: ReadonlySet<string> = new Set<keyof HeartbeatHeaders>([
  'host',
  'content-type',
  'content-length',
  'accept',
  'origin',
  'authorization',
  'x-pulse-key',
  'x-request-id',
])
/** What is said of the connection or of the body's form is node:http's to judge. */
const refused: ReadonlySet<string> = new Set([
  ...headersOfOthers,
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'keep-alive',
  'proxy-connection',
])
const requestLine = `POST ${graphqlPath} HTTP/1.1\r\n`
const endOfHead = '\r\n\r\n'
const maxHeadLength = 8192
/** A name, a colon, one space, and a value that neither begins nor ends with one: stricter than HTTP, so that there is one way only to read it. */
const plainLine = /^[a-z0-9-]+: [!-~](?:[ -~]*[!-~])?$/i
const plainLength = /^[1-9]\d{0,5}$/

/** A request that is whole. */
export interface HeartbeatRequest {
  headers: HeartbeatHeaders
  body: string
}

/**
 * Reads what came over a connection where that is exactly one whole plain request that may be a heartbeat, with no byte before or after it. Null for
 * everything else, good or bad: a part of one, two at once, and whatever two readers could take for two things.
 */
export function readHeartbeatRequest(bytes: Buffer): HeartbeatRequest | null {
  if (!isAscii(bytes)) return null
  const text = bytes.toString('latin1')
  if (!text.startsWith(requestLine)) return null
  const end = text.indexOf(endOfHead)
  if (end < 0 || end > maxHeadLength) return null
  const headers: Record<string, string> = {}
  for (let from = requestLine.length; from < end; ) {
    const next = text.indexOf('\r\n', from)
    const line = text.slice(from, next)
    if (!plainLine.test(line)) return null
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 2)
    if (read.has(name)) {
      if (headers[name] !== undefined) return null
      headers[name] = value
    } else if (refused.has(name) || (name === 'connection' && value !== 'keep-alive')) return null
    from = next + 2
  }
  const bodyAt = end + endOfHead.length
  const length = headers['content-length']
  if (length === undefined || !plainLength.test(length) || Number(length) !== text.length - bodyAt) return null
  return arePlain(headers) ? { headers, body: text.slice(bodyAt) } : null
}
