import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { unguessable } from '../loopback.ts'

/** Answers FFmpeg. `path` is what comes behind the source's own part, without a query. */
export type Serve = (request: IncomingMessage, response: ServerResponse, path: string) => void

/** A source's place at the listener. */
export interface Place {
  /** No slash at its end. */
  base: string
  close(): void
}

interface Served {
  serve: Serve
  /** FFmpeg was led to an address of somebody else's, by what the gate could not read. */
  strayed(): void
  open: Set<ServerResponse>
}

const served = new Map<string, Served>()
let listener: Promise<Server> | null = null
const headerBytes = 16 * 1024
const ownPath = /^\/([0-9a-f]{32})(\/[^?#]*)/

/** One listener on loopback serves all sources of this thread; it is opened with the first. */
export async function takePlace(serve: Serve, strayed: () => void): Promise<Place> {
  listener ??= listen()
  const { port } = (await listener).address() as AddressInfo
  const token = unguessable()
  const entry: Served = { serve, strayed, open: new Set() }
  served.set(token, entry)
  return {
    base: `http://127.0.0.1:${port}/${token}`,
    close() {
      served.delete(token)
      for (const response of entry.open) response.destroy()
    },
  }
}

async function listen(): Promise<Server> {
  const server = createServer({ maxHeaderSize: headerBytes, keepAliveTimeout: 30_000, noDelay: true }, answer)
  server.unref()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { port } = request.socket.address() as AddressInfo
  // The gate is FFmpeg's proxy, too: so it hears of all that FFmpeg is led to. Its own addresses come so as well.
  const own = `http://127.0.0.1:${port}`
  const target = request.url ?? ''
  const path = target.startsWith(`${own}/`) ? target.slice(own.length) : target
  if (!path.startsWith('/')) {
    refuseStray(request, response)
    return
  }
  const [, token = '', rest = ''] = ownPath.exec(path) ?? []
  const found = served.get(token)
  if (!found || request.method !== 'GET') return void response.writeHead(404).end()
  found.open.add(response)
  response.once('close', () => found.open.delete(response))
  response.on('error', () => response.destroy())
  found.serve(request, response, rest)
}

function refuseStray({ headers }: IncomingMessage, response: ServerResponse): void {
  const given = headers['proxy-authorization']
  if (given === undefined) return void response.writeHead(407, { 'proxy-authenticate': 'Basic realm="gate"' }).end()
  const [token = ''] = Buffer.from(given.replace(/^basic /i, ''), 'base64')
    .toString('latin1')
    .split(':')
  served.get(token)?.strayed()
  response.writeHead(502).end()
}
