import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { SessionNotice, SessionRef } from '../../src/consumers/media.ts'
import { WeirError } from '../../src/errors.ts'
import { whepRoutes } from '../../src/http/whep.ts'
import { createWhepAddresses } from '../../src/http/whep-address.ts'
import { newId } from '../../src/ids.ts'
import { createMediasoupPool, type MediasoupPoolOptions, type Pool } from '../../src/media/mediasoup/pool.ts'
import type { ProducerSpec } from '../../src/media/mediasoup/types.ts'
import { hmacSha256 } from '../../src/platform/hmac.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import type { MediaKind } from '../../src/streams/model.ts'

/** A pool of one worker on free ports, with the given options over that. */
export function startPool(options: Partial<MediasoupPoolOptions> = {}): Promise<Pool> {
  return createMediasoupPool({
    workers: 1,
    webRtcPort: 0,
    announcedAddresses: ['127.0.0.1'],
    log: silentLogger,
    ...options,
  })
}

let ssrc = 1000

export function producerSpecs(...kinds: MediaKind[]): ProducerSpec[] {
  return kinds.map((kind) => ({ id: newId('Producer'), kind, ssrc: ++ssrc }))
}

/** A session that has not been before. */
export function newRef(): SessionRef {
  return { consumerId: newId('Consumer'), incarnation: 1 }
}

/** Opens a new session by WHEP. */
export async function openWhep(
  pool: Pool,
  streamId: string,
  offer: string,
): Promise<{ ref: SessionRef; answer: string; etag: string }> {
  const ref = newRef()
  return { ref, ...(await pool.sessions.openWhep({ ...ref, streamId, offer })) }
}

/** Resolves with the next notice of a session; of a given kind, where one is. */
export function nextNotice(pool: Pool, what?: SessionNotice['what']): Promise<SessionNotice> {
  return new Promise((resolve) => {
    const stop = pool.sessions.onNotice((notice) => {
      if (what && notice.what !== what) return
      stop()
      resolve(notice)
    })
  })
}

/** Serves the pool's WHEP on a free port of 127.0.0.1. */
export async function serveWhep(pool: Pool): Promise<{ url: string; close: () => Promise<void> }> {
  const routes = whepRoutes({
    sessions: {
      async openWhep(_caller, { streamId, offer }) {
        const { ref, answer, etag } = await openWhep(pool, streamId, offer)
        return { consumer: { id: ref.consumerId }, token: 'none', heartbeatSeconds: 30, answer, etag }
      },
      patchWhep: (_caller, consumerId, fragment, ifMatch = null) =>
        pool.sessions.patchWhep({ consumerId, incarnation: 1, fragment, ifMatch }),
      async close(_caller, consumerId) {
        const was = await pool.sessions.close({ consumerId, incarnation: 1 })
        if (!was) throw new WeirError('NOT_FOUND', 'There is no such session.')
      },
    },
    authorize: async () => ({
      projectId: 'project',
      caller: { projectId: null, scopes: [], actor: { kind: 'ANONYMOUS' } },
    }),
    projectOf: async () => 'project',
    audit: (_context, mutation, handle) => handle({ mutation, caller: null, projectId: null, ids: [] }),
    addresses: createWhepAddresses(hmacSha256('secret')),
    onFault: (error) => {
      throw error
    },
  })
  const { promise: listening, resolve } = Promise.withResolvers<AddressInfo>()
  const server = serve({ fetch: routes.fetch, port: 0, hostname: '127.0.0.1' }, resolve)
  const { port } = await listening
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
