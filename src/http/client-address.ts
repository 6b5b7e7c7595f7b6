import { type Ip, type IpRange, isWithin, parseIp } from '../network/ip.ts'
import { formatIp } from '../network/ip-text.ts'

/** What is looked at of a request: Node.js's own has it. */
export interface AddressedRequest {
  headers: { readonly [name: string]: string | readonly string[] | undefined }
  socket: { readonly remoteAddress?: string | undefined }
}

/** The address of the client that a request comes from, as text of one form; null where the connection has none (any more). */
export type AddressOf = (request: AddressedRequest) => string | null

/** More proxies in a row than anybody has; what is before them is not looked at. */
const maxHops = 32

/** By TRUSTED_PROXIES: the one way to know who a client is, over HTTP and WebSocket alike. */
export function createAddressOf(trusted: readonly IpRange[]): AddressOf {
  return ({ socket, headers }) => clientAddress(socket.remoteAddress, headers['x-forwarded-for'], trusted)
}

/**
 * Who connects, or where that is a trusted proxy the last hop of X-Forwarded-For that is none: what stands before it was written by whoever
 * sent it. Where every hop is trusted, the first; a hop that is no address ends the search at the proxy that told of it.
 */
export function clientAddress(
  peer: string | null | undefined,
  forwardedFor: string | readonly string[] | undefined,
  trusted: readonly IpRange[],
): string | null {
  if (!peer) return null
  if (trusted.length === 0 && /^[\d.]{7,15}$/.test(peer)) return peer
  let ip = addressIn(peer)
  if (!ip) return null
  // Node.js joins the lines of this header; others may hand them over one by one.
  const line = typeof forwardedFor === 'string' ? forwardedFor : (forwardedFor ?? []).join(',')
  let end = line.length
  for (let hop = 0; hop < maxHops && end > 0; hop++) {
    const known = ip
    if (!trusted.some((range) => isWithin(known, range))) break
    const comma = line.lastIndexOf(',', end - 1)
    const next = addressIn(line.slice(comma + 1, end).trim())
    if (!next) break
    ip = next
    end = comma
  }
  return formatIp(ip)
}

/** An address with or without a port; an IPv4 one in IPv6's clothes as what it is. */
function addressIn(text: string): Ip | null {
  if (text.length > 64) return null
  const withPort = /^(\[[^\]]*\]|[\d.]+):\d{1,5}$/.exec(text)
  const ip = parseIp(withPort ? withPort[1]! : text)
  return ip && ip.family === 6 && ip.bits >> 32n === 0xffffn ? { family: 4, bits: ip.bits & 0xffff_ffffn } : ip
}
