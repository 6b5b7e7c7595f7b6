import { type Context, Hono } from 'hono'
import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { kindOfId } from '../ids.ts'
import { withQuery } from '../media/segments/playlist.ts'
import type { OpenSegment } from '../media/segments/types.ts'
import type { HlsSessions } from './hls-sessions.ts'
import { peerAddress } from './peer-address.ts'

export interface PlaybackOptions {
  /**
   * Throws a WeirError where this request may not see the stream, or there is no such stream. Else who asks, where that is known, and whether
   * shared caches may keep the answer for others.
   */
  authorize(request: Request, streamId: string, address: string | null): Promise<{ isPublic: boolean; caller?: Caller }>
  /** Null where addresses carry no sessions. */
  sessions: HlsSessions | null
  /** LiveSegments.playlist: may wait for a stream that has just begun. */
  playlist(streamId: string, signal: AbortSignal): Promise<string | null>
  /** Opens a file of a run; null where there is none. Names are already of the right shape. */
  open(streamId: string, token: string, run: string, name: string): Promise<OpenSegment | null>
}

/** Long enough for caches to take the load off, short enough for a live edge. */
const playlistCaching = 'max-age=1'
/** A path of a segment bears token and run: what it names never changes. */
const segmentCaching = 'max-age=31536000, immutable'
const retryAfterSeconds = 2

/**
 * HLS: `/hls/:streamId/index.m3u8` and the files that it names. A stream that has just begun is waited for: hls.js
 * waits 10 s for the first byte of a playlist, but never asks again after a 404.
 *
 * `?session=` with a session's token opens that session's stream and nothing else, as long as the session is open. Each address in its
 * playlist carries it on, so that it works for players that can't be told to send a header; no shared cache keeps such an answer.
 */
export function playbackRoutes(options: PlaybackOptions): Hono {
  const app = new Hono()

  app.use('/hls/*', async (c, next) => {
    await next()
    // Errors too: a player on another site has to see them.
    c.header('Access-Control-Allow-Origin', '*')
    c.header('Access-Control-Expose-Headers', 'Content-Length, Content-Range, Retry-After')
    c.header('Cross-Origin-Resource-Policy', 'cross-origin')
  })

  app.options('/hls/*', (c) =>
    c.body(null, 204, {
      'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
      'Access-Control-Allow-Headers': 'Authorization, Range',
      'Access-Control-Max-Age': '86400',
    }),
  )

  app.get('/hls/:streamId/index.m3u8', async (c) => {
    const streamId = c.req.param('streamId')
    const { token: session, isPublic } = await admit(c, streamId)
    const text = await options.playlist(streamId, c.req.raw.signal)
    if (text === null) {
      throw new WeirError('NOT_FOUND', 'The stream has no live segments now.', { retryAfterSeconds })
    }
    return c.body(session ? withQuery(text, `session=${encodeURIComponent(session)}`) : text, 200, {
      'Content-Type': 'application/vnd.apple.mpegurl',
      'Cache-Control': session ? 'private, no-store' : caching(isPublic, playlistCaching),
    })
  })

  app.get('/hls/:streamId/:token{[0-9]{1,16}}/:run{[0-9]{1,10}}/:name{init\\.mp4|[0-9]{1,9}\\.m4s}', async (c) => {
    const { streamId, token, run, name } = c.req.param()
    const { isPublic } = await admit(c, streamId)
    const file = await options.open(streamId, token, run, name)
    if (!file) throw new WeirError('NOT_FOUND', 'There is no such segment (any more).')
    c.header('Content-Type', 'video/mp4')
    c.header('Cache-Control', caching(isPublic, segmentCaching))
    c.header('Accept-Ranges', 'bytes')
    const range = parseRange(c.req.header('range'), file.sizeBytes)
    if (range === 'UNSATISFIABLE') {
      await file.close()
      c.header('Cache-Control', 'no-store')
      return c.body(null, 416, { 'Content-Range': `bytes */${file.sizeBytes}` })
    }
    const [start, end] = range ?? [0, file.sizeBytes - 1]
    c.header('Content-Length', String(end - start + 1))
    if (range) c.header('Content-Range', `bytes ${start}-${end}/${file.sizeBytes}`)
    if (c.req.method === 'HEAD') {
      await file.close()
      return c.body(null, range ? 206 : 200)
    }
    return c.body(file.read(start, end), range ? 206 : 200)
  })

  /** `token`: of the session in the address, null where there is none. */
  async function admit(c: Context, streamId: string): Promise<{ token: string | null; isPublic: boolean }> {
    if (kindOfId(streamId) !== 'Stream') throw new WeirError('NOT_FOUND', 'There is no such stream.')
    const { sessions } = options
    const token = sessions ? (c.req.query('session') ?? null) : null
    if (sessions && token !== null) {
      // Nobody has to be asked for the stream: a session ends with it.
      const session = sessions.read(token)
      if (session.streamId !== streamId) throw new WeirError('NOT_FOUND', 'There is no such stream.')
      await sessions.admit(session)
      return { token, isPublic: false }
    }
    const { caller, isPublic } = await options.authorize(c.req.raw, streamId, peerAddress(c))
    if (caller?.session) await sessions?.admit(caller.session)
    return { token: null, isPublic: isPublic && !caller?.session }
  }

  return app
}

function caching(isPublic: boolean, how: string): string {
  return `${isPublic ? 'public' : 'private'}, ${how}`
}

/** One range of a Range header as [start, end]; null for the whole, also where the header asks for several. */
export function parseRange(header: string | undefined, sizeBytes: number): [number, number] | 'UNSATISFIABLE' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [from, to] = [match[1]!, match[2]!]
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (to !== '' && from !== '' && Number(to) < start) return null
  return start < sizeBytes && start <= end ? [start, end] : 'UNSATISFIABLE'
}
