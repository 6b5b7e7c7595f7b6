import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { UrlSourceKind } from '../../../streams/model.ts'
import type { OpenWay, WayRequest } from '../way.ts'
import { Addresses, type Entry } from './addresses.ts'
import { Allowance } from './allowance.ts'
import { isList, lookBytes } from './content.ts'
import { failure, failureOfError, failureOfStatus } from './failures.ts'
import { takePlace } from './listener.ts'
import { playlistBytes, rewritePlaylist, withoutFragment } from './playlist.ts'
import { type Answer, answerDeadlineMs, createUpstream } from './upstream.ts'

/** What FFmpeg says that a source may want to hear, and what a source says that FFmpeg has to. All else stays here. */
const requestHeaders = ['accept', 'icy-metadata', 'range', 'user-agent'] as const
const responseHeaders = ['accept-ranges', 'content-length', 'content-range', 'content-type', 'last-modified']
const icyHeader = /^icy-[a-z0-9-]{1,40}$/
const pathLength = 200

/** HTTP and HLS: every request is ours, every address in a playlist leads back here. */
export const openHttp: OpenWay = async (way) => {
  const root = new URL(way.source.url)
  // Before FFmpeg is started at all; where it is asked for, it is looked at again.
  await way.resolve(root.hostname)
  const isHls = way.source.kind === 'HLS'
  const allowance = new Allowance(() => performance.now())
  const serving: Serving = {
    way,
    allowance,
    upstream: createUpstream(way, allowance),
    addresses: new Addresses(),
    base: '',
    root: {
      url: root,
      role: isHls ? 'PLAYLIST' : 'SEGMENT',
      ancestors: isHls ? [withoutFragment(root)] : [],
      depth: 1,
    },
  }
  const place = await takePlace(
    (request, response, path) => void serve(serving, request, response, path),
    () => way.report('BLOCKED', 'What the source sends leads to an address of its own.'),
  )
  serving.base = place.base
  return {
    url: `${place.base}/source${extensionOf(way.source.kind, root)}`,
    close() {
      place.close()
      serving.upstream.close()
    },
  }
}

interface Serving {
  way: WayRequest
  allowance: Allowance
  upstream: ReturnType<typeof createUpstream>
  addresses: Addresses
  base: string
  root: Entry
}

/** Never rejects. */
async function serve(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const entry = path.startsWith('/source') ? serving.root : serving.addresses.get(Number(path.split('/')[1]))
  if (!entry) return void response.writeHead(404).end()
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    if (entry.role === 'PLAYLIST') await servePlaylist(serving, entry, request, response, gone.signal)
    else await serveMedia(serving, entry, request, response, gone.signal)
  } catch (error) {
    const { cause, log } = failureOfError(error)
    // What FFmpeg has no more use for has not failed.
    if (!gone.signal.aborted) serving.way.report(cause, log[0] ?? '')
    if (response.headersSent) response.destroy()
    else response.writeHead(cause === 'NOT_FOUND' ? 404 : cause === 'AUTH' ? 403 : 502).end()
  }
}

async function servePlaylist(
  serving: Serving,
  { url, ancestors, depth }: Entry,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now()
  const { range: _, ...headers } = headersFor(request)
  const answer = await ask(serving, url, headers, signal)
  const leftMs = answerDeadlineMs - (performance.now() - startedAt)
  const body = await within(leftMs, answer, whole(answer.response, playlistBytes))
  // Where it came from counts as an address of it, too.
  const known = [...new Set([...ancestors, withoutFragment(answer.url)])]
  const rewritten = rewritePlaylist(body.toString('utf8'), {
    base: answer.url,
    ancestors: known,
    depth,
    address(each, role) {
      const under = role === 'PLAYLIST' ? [...known, withoutFragment(each)] : known
      const id = serving.addresses.add({ url: each, role, ancestors: under, depth: depth + 1 })
      // The path is for FFmpeg, which goes by its ending, and for who reads its log.
      return `${serving.base}/${id}/${each.protocol.slice(0, -1)}/${each.host}/${each.pathname.slice(1).slice(-pathLength)}`
    },
  })
  if ('cause' in rewritten) throw failure(rewritten.cause, rewritten.note)
  const text = Buffer.from(rewritten.text)
  response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl', 'content-length': text.length }).end(text)
}

async function serveMedia(
  { way, allowance, ...serving }: Serving,
  { url, role, ancestors }: Entry,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const answer = await ask({ way, allowance, ...serving }, url, headersFor(request), signal)
  const body = answer.response
  const start = await within(answerDeadlineMs, answer, firstBytes(body, lookBytes))
  if (isList(start) && role !== 'KEY') {
    const isOwn = ancestors.some((list) => list.split('?')[0] === answer.url.href.split('?')[0])
    throw isOwn
      ? failure('REDIRECT_LOOP', 'A playlist names itself as a piece of media.')
      : failure('UNSUPPORTED', 'The source answers with a list of other addresses instead of media.')
  }
  response.writeHead(body.statusCode!, headersOf(body))
  const flowed = (bytes: number) => {
    allowance.flowed(answer.host, bytes)
    if (role === 'SEGMENT') way.flows()
  }
  if (start.length > 0) {
    flowed(start.length)
    response.write(start)
  }
  body.on('data', (chunk: Buffer) => flowed(chunk.length))
  // An answer that breaks off is one for FFmpeg, too.
  body.once('error', () => response.destroy())
  body.once('close', () => body.complete || response.destroy())
  body.pipe(response)
}

/** An answer with a body that may be passed on. */
async function ask(
  { upstream }: Serving,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await upstream.get(url, headers, signal)
  const { response } = answer
  const encoding = response.headers['content-encoding'] ?? 'identity'
  const problem =
    failureOfStatus(response.statusCode ?? 0) ??
    (encoding.toLowerCase() === 'identity'
      ? null
      : failure('UNSUPPORTED', 'The source packs what was asked for as it is.'))
  if (!problem) return answer
  response.destroy()
  throw problem
}

function headersFor({ headers }: IncomingMessage): Record<string, string> {
  const given = requestHeaders.flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return { ...Object.fromEntries(given), 'accept-encoding': 'identity' }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => responseHeaders.includes(name) || icyHeader.test(name))
  return Object.fromEntries(kept.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

/** Rejects with TIMEOUT and ends the answer. */
async function within<T>(ms: number, { response }: Answer, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure('TIMEOUT', 'The source sends too slowly.')), Math.max(0, ms))
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    response.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

async function whole(body: Readable, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw failure('UNSUPPORTED', `A playlist is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** At least so many, or all there are; the rest stays in the stream. */
function firstBytes(body: Readable, count: number): Promise<Buffer> {
  if (body.destroyed && !body.readableEnded) return Promise.reject(body.errored ?? brokenOff())
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let bytes = 0
  const look = () => {
    for (let chunk = body.read() as Buffer | null; chunk; chunk = body.read()) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= count) return done()
    }
  }
  const done = () => {
    body.off('readable', look).off('end', done).off('error', reject).off('close', done)
    resolve(Buffer.concat(chunks))
  }
  body.on('readable', look).on('end', done).on('error', reject).on('close', done)
  look()
  return promise
}

function brokenOff(): Error {
  return failure('REFUSED', 'The source has broken off its answer.')
}

function extensionOf(kind: UrlSourceKind, { pathname }: URL): string {
  return kind === 'HLS' ? '.m3u8' : (/\.[a-z0-9]{1,5}$/i.exec(pathname)?.[0] ?? '')
}
