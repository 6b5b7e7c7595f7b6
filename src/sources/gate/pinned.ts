import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { SourceFailure } from '../../streams/causes.ts'
import type { FailureCause } from '../../streams/model.ts'
import type { Address } from './resolve.ts'

/** A connection to a source. */
export interface PinnedSocket {
  socket: Socket
  /** The address that it leads to. */
  address: Address
}

export interface PinnedRequest {
  /** Tried one after the other; to nothing else is connected. */
  addresses: readonly Address[]
  port: number
  /**
   * Encrypted, for a host of this name; null for plain TCP. Certificates are not looked at, as FFmpeg does not by default: cameras have made
   * theirs themselves.
   */
  tlsFor: string | null
  /** For all addresses together. */
  deadlineMs: number
  signal: AbortSignal
  /**
   * Takes what comes. The bytes are valid until it returns, or, where it answers false, until the socket is resumed: no more is read then.
   */
  onData(bytes: Buffer): boolean
}

/** As much as is read at once. */
export const readBytes = 64 * 1024

/** Connects. Rejects with SourceFailure: REFUSED, UNREACHABLE, TIMEOUT, TLS. */
export async function connectPinned(request: PinnedRequest): Promise<PinnedSocket> {
  const until = performance.now() + request.deadlineMs
  let last = new SourceFailure('UNREACHABLE')
  for (const [at, address] of request.addresses.entries()) {
    const left = until - performance.now()
    if (left <= 0) break
    // One that does not answer leaves time for the others.
    const waitMs = left / (request.addresses.length - at)
    try {
      return { socket: await connectOnce(address, request, waitMs), address }
    } catch (error) {
      last = error instanceof SourceFailure ? error : failureOf(error as NodeJS.ErrnoException)
      if (request.signal.aborted) break
    }
  }
  throw last
}

async function connectOnce(address: Address, request: PinnedRequest, waitMs: number): Promise<Socket> {
  const { port, tlsFor, signal, onData } = request
  const place = { host: address.address, family: address.family, port }
  const socket =
    tlsFor === null
      ? connect({
          ...place,
          noDelay: true,
          onread: { buffer: Buffer.allocUnsafe(readBytes), callback: (count, buffer) => onData(view(buffer, count)) },
        })
      : connectTls({
          ...place,
          rejectUnauthorized: false,
          ...(isIP(tlsFor) ? {} : { servername: tlsFor }),
        })
  if (tlsFor !== null)
    socket.on('data', (bytes: Buffer) => {
      if (!onData(bytes)) socket.pause()
    })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new SourceFailure('TIMEOUT')), waitMs)
  const abort = () => reject(new SourceFailure('ENDED'))
  signal.addEventListener('abort', abort)
  socket.once(tlsFor === null ? 'connect' : 'secureConnect', resolve)
  socket.once('error', reject)
  socket.once('close', () => reject(new SourceFailure('REFUSED')))
  if (signal.aborted) abort()
  try {
    await promise
    return socket
  } catch (error) {
    socket.on('error', () => {}).destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function view(buffer: Uint8Array, count: number): Buffer {
  return Buffer.from(buffer.buffer, buffer.byteOffset, count)
}

const causes: Record<string, FailureCause> = {
  ECONNREFUSED: 'REFUSED',
  ECONNRESET: 'REFUSED',
  EPIPE: 'REFUSED',
  ETIMEDOUT: 'TIMEOUT',
  EPROTO: 'TLS',
}

function failureOf({ code = '' }: NodeJS.ErrnoException): SourceFailure {
  const isTls = /^ERR_(?:SSL|TLS|OSSL)/.test(code)
  return new SourceFailure(isTls ? 'TLS' : (causes[code] ?? 'UNREACHABLE'), undefined, [`Connecting failed (${code}).`])
}
