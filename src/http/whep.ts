import { type Context, Hono } from 'hono'
import type { Caller } from '../caller.ts'
import { quotedTag } from '../consumers/if-match.ts'
import type { ConsumerService } from '../consumers/types.ts'
import { WeirError } from '../errors.ts'
import { kindOfId } from '../ids.ts'
import { chooseMedia, maxOfferBytes, parseWhepOffer } from '../media/mediasoup/whep-offer.ts'
import { errorAnswer, publicError } from './error-answer.ts'
import { peerAddress } from './peer-address.ts'
import { readText } from './read-text.ts'
import type { AuditRoute, RouteNote } from './route-audit.ts'
import type { WhepAddresses } from './whep-address.ts'

/** What is used of the sessions' service, and of its answers. */
export interface WhepSessions extends Pick<ConsumerService, 'patchWhep'> {
  openWhep(
    ...asked: Parameters<ConsumerService['openWhep']>
  ): Promise<{ consumer: { id: string }; token: string; heartbeatSeconds: number; answer: string; etag: string }>
  close(caller: Caller, id: string): Promise<unknown>
}

export interface WhepOptions {
  sessions: WhepSessions
  /** Rejects with a WeirError when this request may not watch this stream; else whose it is, and who asks. */
  authorize: (
    request: Request,
    streamId: string,
    address: string | null,
  ) => Promise<{ projectId: string; caller: Caller }>
  /** Whose a stream is; null where there is none (any more). */
  projectOf: (streamId: string) => Promise<string | null>
  addresses: WhepAddresses
  /** Writes down who opened, changed or closed what. */
  audit: AuditRoute
  /** Told of each error that is not the caller's to see. */
  onFault: (error: unknown) => void
  /** In which an offer has to be here. */
  bodyDeadlineMs?: number
}

const sdp = 'application/sdp'
const fragmentType = 'application/trickle-ice-sdpfrag'
/** All candidates of a player with many addresses are about 4 kB. */
const maxFragmentBytes = 16 * 1024
const maxNameCharacters = 200
/** Sent where nothing better is known, with what a player should try again. */
const retryAfterSeconds = 2

const endpointPath = '/whep/:streamId'
const sessionPath = '/whep/:streamId/:consumerId/:secret'
const endpointMethods = 'POST, GET, HEAD, OPTIONS'
const sessionMethods = 'PATCH, DELETE, GET, HEAD, OPTIONS'

/**
 * WHEP as draft-ietf-wish-whep-03 has it. A player POSTs its offer to /whep/:streamId and gets the answer and its session's address, which is
 * unguessable and enough to PATCH (trickled candidates, ICE restart) and DELETE the session. `?client=` and `?source=`, or the headers
 * Weir-Client and Weir-Source, say who it is. A POST with a session's token opens that session anew, under its id.
 * A session may send heartbeats by the token of its Weir-Session-Token; one that never does lives by its connection.
 *
 * Left out, as servers may: counter-offers (406: whoever receives what a stream has is answered at once), extensions (none is offered
 * by Link), ICE servers by Link (ours is ICE lite on a public address and needs none), redirections (the node that is asked asks
 * the stream's own).
 */
export function whepRoutes(options: WhepOptions): Hono {
  const { sessions, addresses, audit, bodyDeadlineMs = 10_000 } = options
  const routes = new Hono()

  routes.use('/whep/*', async (context, next) => {
    await next()
    context.header('Access-Control-Allow-Origin', '*')
    context.header(
      'Access-Control-Expose-Headers',
      'Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After, Weir-Consumer-Id, Weir-Session-Token, Weir-Heartbeat-Seconds',
    )
    context.header('Cache-Control', 'no-store')
  })

  const allow = (methods: string) => ({
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match, Weir-Client, Weir-Source, X-Pulse-Key',
    'Access-Control-Max-Age': '86400',
    Allow: methods,
  })
  routes.options(endpointPath, (context) => context.body(null, 200, { ...allow(endpointMethods), 'Accept-Post': sdp }))
  routes.options(sessionPath, (context) =>
    context.body(null, 200, { ...allow(sessionMethods), 'Accept-Patch': fragmentType }),
  )

  const open = async (context: Context, note: RouteNote) => {
    const streamId = streamOf(context)
    note.ids = [streamId]
    const { projectId, caller } = await options.authorize(context.req.raw, streamId, peerAddress(context))
    Object.assign(note, { caller, projectId, mutation: caller.session ? 'reopenConsumer' : 'openConsumer' })
    requireType(context, sdp, 'Accept-Post')
    const who = { clientId: nameOf(context, 'client') ?? 'whep', source: nameOf(context, 'source') }
    const bound = { what: 'The SDP offer', maxBytes: maxOfferBytes, deadlineMs: bodyDeadlineMs }
    const offer = await readText(context.req.raw, bound)
    // Before there is a row, or a place is taken: what can never play costs nothing.
    chooseMedia(parseWhepOffer(offer), ['VIDEO', 'AUDIO'])
    const opened = await sessions.openWhep(caller, { streamId, projectId, ...who, offer })
    const { id } = opened.consumer
    note.ids = [id, streamId]
    return context.body(opened.answer, 201, {
      'Content-Type': sdp,
      Location: `${new URL(context.req.url).pathname}/${id}/${addresses.secretOf(streamId, id)}`,
      ETag: quotedTag(opened.etag),
      'Accept-Patch': fragmentType,
      'Weir-Consumer-Id': id,
      'Weir-Session-Token': opened.token,
      'Weir-Heartbeat-Seconds': String(opened.heartbeatSeconds),
    })
  }

  const patch = async (context: Context, note: RouteNote) => {
    const { id, caller } = await holderOf(context, note)
    requireType(context, fragmentType, 'Accept-Patch')
    const ifMatch = context.req.header('if-match')
    if (!ifMatch) {
      return refusal(428, 'If-Match has to name the ICE session by its ETag, or be * for an ICE restart.')
    }
    const bound = { what: 'The ICE fragment', maxBytes: maxFragmentBytes, deadlineMs: bodyDeadlineMs }
    const fragment = await readText(context.req.raw, bound)
    const patched = await sessions.patchWhep(caller, id, fragment, ifMatch).catch((error) => {
      const closed = error instanceof WeirError && error.details.closeReason !== undefined
      throw closed ? new WeirError('NOT_FOUND', error.message, error.details) : error
    })
    if (patched === 'OUTDATED') return refusal(412, 'The session is at another ICE session by now.')
    // Candidates that trickle in are a part of the connection.
    if (patched === null) {
      note.mutation = 'connectConsumer'
      return context.body(null, 204)
    }
    return context.body(patched.fragment, 200, { 'Content-Type': fragmentType, ETag: quotedTag(patched.etag) })
  }

  const close = async (context: Context, note: RouteNote) => {
    const { id, caller } = await holderOf(context, note)
    await sessions.close(caller, id)
    return context.body(null, 200)
  }

  routes.post(endpointPath, (context) => audit(context, 'openConsumer', (note) => open(context, note)))
  routes.patch(sessionPath, (context) => audit(context, 'restartConsumerIce', (note) => patch(context, note)))
  routes.delete(sessionPath, (context) => audit(context, 'closeConsumer', (note) => close(context, note)))

  // There is nothing to be read. The type tells a player that asks by HEAD that this is WHEP.
  routes.get(endpointPath, (context) => context.body(null, 200, { 'Content-Type': sdp, 'Accept-Post': sdp }))
  routes.get(sessionPath, (context) => context.body(null, 204, { 'Accept-Patch': fragmentType }))
  routes.all(endpointPath, () => refusal(405, `Only ${endpointMethods}.`, { Allow: endpointMethods }))
  routes.all(sessionPath, () => refusal(405, `Only ${sessionMethods}.`, { Allow: sessionMethods }))

  routes.onError((error, context) => {
    const shown = publicError(error)
    if (shown.code === 'INTERNAL') options.onFault(error)
    const answer = errorAnswer(shown)
    for (const [name, value] of context.res.headers) if (name.startsWith('accept-p')) answer.headers.set(name, value)
    const isClosed = shown.details.closeReason !== undefined
    const notYet = shown.code === 'INVALID_STATE' && context.req.method === 'POST' && !isClosed
    const tryAgain = answer.status === 503 || notYet
    if (tryAgain && !answer.headers.has('retry-after')) answer.headers.set('Retry-After', String(retryAfterSeconds))
    return answer
  })

  /** The session of an address, and what its holder may do: what the session itself may. */
  async function holderOf(context: Context, note: RouteNote): Promise<{ id: string; caller: Caller }> {
    const streamId = streamOf(context)
    const { consumerId = '', secret = '' } = context.req.param()
    const isReal = kindOfId(consumerId) === 'Consumer' && addresses.isSecretOf(streamId, consumerId, secret)
    const projectId = isReal ? await options.projectOf(streamId) : null
    if (projectId === null) throw new WeirError('NOT_FOUND', 'There is no such session.')
    // Good as long as the session is open; nothing is written with it.
    const session = { consumerId, streamId, projectId, expiresAt: Number.POSITIVE_INFINITY }
    const address = peerAddress(context)
    const actor = { kind: 'SESSION' as const, name: consumerId, ...(address === null ? {} : { address }) }
    const caller: Caller = { projectId, scopes: [], actor, session }
    Object.assign(note, { caller, projectId, ids: [consumerId, streamId] })
    return { id: consumerId, caller }
  }

  return routes
}

function streamOf(context: Context): string {
  const streamId = context.req.param('streamId') ?? ''
  if (kindOfId(streamId) !== 'Stream') throw new WeirError('NOT_FOUND', 'There is no such stream.')
  return streamId
}

function requireType(context: Context, type: string, acceptHeader: 'Accept-Post' | 'Accept-Patch'): void {
  const given = (context.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (given === type) return
  context.header(acceptHeader, type)
  throw new WeirError('UNSUPPORTED_MEDIA', `Only ${type} can be sent here.`)
}

/** What a player says of itself, by the address or a header; null where it does not. */
function nameOf(context: Context, what: 'client' | 'source'): string | null {
  const name = (context.req.query(what) ?? context.req.header(`weir-${what}`) ?? '').trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused.
  if (name.length > maxNameCharacters || /[\u0000-\u001f\u007f]/.test(name)) {
    const message = `has to be at most ${maxNameCharacters} printable characters`
    throw new WeirError('BAD_USER_INPUT', `${what} ${message}.`, { fields: [{ path: what, message }] })
  }
  return name || null
}

/** For statuses that HTTP asks for and the table of errors does not have. */
function refusal(status: 405 | 412 | 428, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code: 'BAD_USER_INPUT', message }, { status, headers })
}
