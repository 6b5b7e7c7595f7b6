import { type Context, Hono } from 'hono'
import { WeirError } from '../errors.ts'
import { maxOfferBytes } from '../media/mediasoup/whep-offer.ts'
import { errorAnswer, publicError } from './error-answer.ts'

export interface WhepOptions {
  media: {
    openViewer(streamId: string, offer: string, maxViewers: number | null): Promise<{ id: string; answer: string }>
    /** False where there is no such session. */
    closeViewer(session: string, streamId: string): Promise<boolean>
  }
  /** Rejects with a WeirError when this request may not watch this stream; else how many viewers the stream takes (null: no bound). */
  authorize: (request: Request, streamId: string) => Promise<{ maxConsumers: number | null }>
  /** Told of each error that is not the caller's to see. */
  onFault: (error: unknown) => void
}

const methods = 'POST, DELETE, PATCH, OPTIONS'

/**
 * WHEP: a player POSTs its SDP offer to /whep/:streamId and gets the answer; it ends its session by DELETE of the Location.
 * A session's address is as unguessable as a key, and is all that a DELETE needs. Answers carry all candidates and ours
 * is ICE lite, so a trickled candidate has nothing to tell and is answered with 204.
 */
export function whepRoutes(options: WhepOptions): Hono {
  const routes = new Hono()

  routes.use('/whep/*', async (context, next) => {
    await next()
    context.header('Access-Control-Allow-Origin', '*')
    context.header('Access-Control-Expose-Headers', 'Location, Retry-After')
    context.header('Cache-Control', 'no-store')
  })

  routes.on('OPTIONS', ['/whep/:streamId', '/whep/:streamId/:session'], (context) => {
    context.header('Access-Control-Allow-Methods', methods)
    context.header('Access-Control-Allow-Headers', 'Authorization, Content-Type')
    context.header('Access-Control-Max-Age', '86400')
    context.header('Accept-Post', 'application/sdp')
    return context.body(null, 204)
  })

  routes.post('/whep/:streamId', async (context) => {
    const streamId = context.req.param('streamId')
    const { maxConsumers } = await options.authorize(context.req.raw, streamId)
    if (mediaType(context) !== 'application/sdp') {
      throw new WeirError('UNSUPPORTED_MEDIA', 'A WHEP offer is application/sdp.')
    }
    const { id, answer } = await options.media.openViewer(streamId, await readOffer(context.req.raw), maxConsumers)
    return context.body(answer, 201, {
      'Content-Type': 'application/sdp',
      Location: `${new URL(context.req.url).pathname}/${id}`,
    })
  })

  routes.delete('/whep/:streamId/:session', async (context) => {
    const { streamId, session } = context.req.param()
    if (!(await options.media.closeViewer(session, streamId))) {
      throw new WeirError('NOT_FOUND', 'There is no such session.')
    }
    return context.body(null, 200)
  })

  routes.patch('/whep/:streamId/:session', (context) => {
    if (mediaType(context) !== 'application/trickle-ice-sdpfrag') {
      throw new WeirError(
        'UNSUPPORTED_MEDIA',
        'Only an ICE fragment (application/trickle-ice-sdpfrag) can be sent here.',
      )
    }
    return context.body(null, 204)
  })

  routes.all('/whep/*', (context) =>
    context.json({ code: 'BAD_USER_INPUT', message: `Only ${methods}.` }, 405, { Allow: methods }),
  )

  routes.onError((error) => {
    const shown = publicError(error)
    if (shown.code === 'INTERNAL') options.onFault(error)
    return errorAnswer(shown)
  })

  return routes
}

function mediaType(context: Context): string {
  return (context.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
}

/** The body as text, read no further than an offer may be long. */
async function readOffer(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxOfferBytes) {
      throw new WeirError('BAD_USER_INPUT', `The SDP offer is larger than ${maxOfferBytes} bytes.`)
    }
    chunks.push(chunk)
  }
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer())
}
