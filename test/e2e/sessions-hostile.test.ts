import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { TypedDocumentString } from '../../src/client/generated/graphql.ts'
import { GraphqlClient } from '../support/graphql-client.ts'
import * as documents from '../support/player-documents.ts'
import { seeded } from '../support/seeded.ts'
import { alteredToken, refused } from '../support/session-model.ts'
import { SessionServer } from '../support/session-server.ts'
import { until } from '../support/until.ts'

let server: SessionServer
let streamId: string
let otherStreamId: string
let offer: string

beforeAll(async () => {
  server = await SessionServer.start({
    HEARTBEAT_INTERVAL: '4',
    HEARTBEAT_TIMEOUT: '9',
    SESSION_TOKEN_TTL: '10s',
    PUBLIC_PLAYBACK: 'true',
  })
  const source = { testPattern: { width: 160, height: 120, fps: 10 } }
  const streams = await Promise.all([
    server.weir.liveStream({ name: 'One', source }),
    server.weir.liveStream({ name: 'Two', source }),
  ])
  ;[streamId, otherStreamId] = streams.map(({ id }) => id) as [string, string]
  const sdp = await readFile(new URL('../media/mediasoup/chromium-offer.sdp', import.meta.url), 'utf8')
  offer = sdp.trim().replaceAll(/\r?\n/g, '\r\n').concat('\r\n')
})
afterAll(() => server?.[Symbol.asyncDispose]())

async function opened(protocol: 'MEDIASOUP' | 'HLS', ofStream = streamId) {
  const input = { streamId: ofStream, clientId: 'honest', protocol }
  const { openConsumer } = await server.weir.api.request(documents.OpenTestSession, { input })
  return { id: openConsumer!.consumer.id, token: openConsumer!.token, url: openConsumer!.url }
}

const byHttp = (token: string) => new GraphqlClient(`${server.weir.url}/graphql`, token)

/** The codes that an operation over WebSocket is refused with, or what the socket was closed with. */
async function byWebSocket<Data, Variables>(
  token: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables & Record<string, unknown>,
): Promise<string> {
  const client = createClient({
    url: `${server.weir.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  try {
    return await new Promise<string>((resolve) => {
      const codes = (errors: readonly { extensions?: Record<string, unknown> }[]) =>
        resolve(errors.map(({ extensions }) => String(extensions?.code)).join())
      client.subscribe(
        { query: document.toString(), variables },
        {
          next: ({ errors, data }) => (errors ? codes(errors) : resolve(JSON.stringify(data))),
          error: (error) => (Array.isArray(error) ? codes(error) : resolve((error as CloseEvent).reason)),
          complete: () => {},
        },
      )
    })
  } finally {
    await client.dispose()
  }
}

/** On a connection of its own: one that was sent too much on is ended by the server, and nothing else may be lost with it. */
async function whep(body: string | Uint8Array, token: string | null = null, ofStream = streamId): Promise<Response> {
  const asked = request(`${server.weir.url}/whep/${ofStream}`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/sdp', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
  })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  // What is still sent after the answer may find nobody there.
  asked.on('error', () => {})
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value))
  return new Response(await text(answer), { status: answer.statusCode!, headers })
}

/** Status and code. */
async function told(answer: Response): Promise<string> {
  const { code } = (await answer.json().catch(() => ({}))) as { code?: string }
  return `${answer.status} ${code}`
}

/** All that a session costs, also one that was opened for a moment. */
async function costs() {
  const [ever] = await server.sql<{ ever: number }[]>`select count(*)::int as ever from consumers`
  return { ...(await server.open()), ...ever! }
}

test("tokens of others, altered or expired open nothing, by any way; one's own does", async () => {
  const [own, other, elsewhere, hls] = [
    await opened('MEDIASOUP'),
    await opened('MEDIASOUP'),
    await opened('MEDIASOUP', otherStreamId),
    await opened('HLS'),
  ]
  const openedAt = Date.now()
  const alive = [own, other, elsewhere, hls].map(({ id }) => ({ consumerId: id }))
  const before = await costs()
  expect(before.rows).toHaveLength(4)
  const altered = alteredToken(own.token, seeded(4))
  const close = { id: own.id, reason: null }

  for (const stranger of [other, elsewhere, hls]) {
    await refused(byHttp(stranger.token), documents.CloseTestSession, close, 'NOT_FOUND')
    await refused(
      byHttp(stranger.token),
      documents.ReopenTestSession,
      { id: own.id, rtpCapabilities: null },
      'NOT_FOUND',
    )
    await refused(byHttp(stranger.token), documents.TestSession, { id: own.id }, 'NOT_FOUND').catch(async () => {
      // A query of what is not to be seen is answered with null.
      const { data } = await byHttp(stranger.token).answer(documents.TestSession, { id: own.id })
      expect(data?.consumer ?? null).toBeNull()
    })
    const { recordHeartbeat } = await byHttp(stranger.token).request(documents.BeatTestSession, { id: own.id })
    expect(recordHeartbeat).toMatchObject({ accepted: false, refusal: 'UNKNOWN', closeReason: null })
    expect(await byWebSocket(stranger.token, documents.CloseTestSession, close)).toBe('NOT_FOUND')
  }
  // A session's token is no key: it opens no other, and orders nothing.
  const input = { streamId, clientId: 'more', protocol: 'HLS' as const }
  await refused(byHttp(own.token), documents.OpenTestSession, { input }, 'FORBIDDEN')
  expect(await told(await whep(offer, elsewhere.token))).toBe('404 NOT_FOUND')
  expect(await told(await whep(offer, own.token))).toBe('409 INVALID_STATE')
  expect(await told(await fetch(hls.url!.replace(hls.token, elsewhere.token)))).toBe('404 NOT_FOUND')

  await refused(byHttp(altered), documents.CloseTestSession, close, 'UNAUTHENTICATED')
  await refused(byHttp(altered), documents.BeatTestSession, { id: own.id }, 'UNAUTHENTICATED')
  expect(await byWebSocket(altered, documents.CloseTestSession, close)).toMatch(
    /UNAUTHENTICATED|Forbidden|Unauthorized/,
  )
  expect(await told(await whep(offer, altered))).toBe('401 UNAUTHENTICATED')
  expect(await told(await fetch(hls.url!.replace(hls.token, alteredToken(hls.token, seeded(5)))))).toBe(
    '401 UNAUTHENTICATED',
  )
  expect(await costs()).toEqual(before)

  await until(
    'the tokens have expired',
    async () => {
      await server.weir.api.request(documents.BeatTestSessions, { heartbeats: alive })
      return Date.now() > openedAt + 10_500
    },
    { everyMs: 1000 },
  )
  await refused(byHttp(own.token), documents.CloseTestSession, close, 'UNAUTHENTICATED')
  await refused(byHttp(own.token), documents.BeatTestSession, { id: own.id }, 'UNAUTHENTICATED')
  expect(await byWebSocket(own.token, documents.CloseTestSession, close)).toMatch(
    /UNAUTHENTICATED|Forbidden|Unauthorized/,
  )
  expect(await told(await whep(offer, own.token))).toBe('401 UNAUTHENTICATED')
  // In an address it is good as long as its session is open, and no longer: a player of HLS keeps the address that it was given.
  expect((await fetch(hls.url!)).status).toBe(200)
  expect(await costs()).toEqual(before)
  await server.weir.api.request(documents.CloseTestSession, { id: hls.id, reason: 'enough' })
  const answer = await fetch(hls.url!)
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ code: 'FORBIDDEN', closeReason: 'FORCED', closeMessage: 'enough' })

  for (const { id } of [own, other, elsewhere]) {
    await server.weir.api.request(documents.CloseTestSession, { id, reason: null })
  }
  await expect.poll(() => server.open()).toMatchObject({ rows: [], heard: [], places: 0, transports: 0 })
})

test('offers of garbage and of a megabyte get a 4xx and cost nothing', async () => {
  const lines = offer.split('\r\n')
  const random = seeded(7)
  const shuffled = () => [...lines].sort(() => random() - 0.5).join('\r\n')
  const garbage: [string, string | Uint8Array][] = [
    ['nothing', ''],
    ['a word', 'hello'],
    ['one line', 'v=0\r\n'],
    ['bytes', randomBytes(2000)],
    ['zeros', '\0'.repeat(5000)],
    ['no media', lines.slice(0, 4).join('\r\n')],
    ['no fingerprint', lines.filter((line) => !line.startsWith('a=fingerprint')).join('\r\n')],
    ['no ICE', lines.filter((line) => !line.startsWith('a=ice')).join('\r\n')],
    ['no codecs', lines.filter((line) => !/^a=(rtpmap|fmtp|rtcp-fb)/.test(line)).join('\r\n')],
    ['sends only', offer.replaceAll('a=recvonly', 'a=sendonly')],
    ['a fingerprint of garbage', offer.replaceAll(/^a=fingerprint:.*$/gm, 'a=fingerprint:sha-256 garbage')],
    ['a megabyte', offer + 'a=x:y\r\n'.repeat(150_000)],
    ['a megabyte of one line', `v=0\r\no=${'9'.repeat(1_100_000)}\r\n`],
    ['a megabyte of bytes', randomBytes(1_050_000)],
    ...Array.from({ length: 10 }, (_, i): [string, string] => [`shuffled ${i}`, shuffled()]),
    ...Array.from({ length: 10 }, (_, i): [string, string] => [
      `cut ${i}`,
      offer.slice(0, Math.floor(random() * offer.indexOf('a=fingerprint'))),
    ]),
  ]
  const before = await costs()
  for (const [what, sdp] of garbage) {
    const answer = await whep(sdp)
    const said = await told(answer)
    expect({ what, is4xx: answer.status >= 400 && answer.status < 500, said }).toMatchObject({ what, is4xx: true })
  }
  expect(await costs()).toEqual(before)
  expect(server.weir.workers()).toHaveLength(2)
  // The same door opens for one that is good.
  const answer = await whep(offer)
  expect(answer.status).toBe(201)
  expect(await costs()).toMatchObject({ places: 1, transports: 1 })
  const session = new URL(answer.headers.get('location')!, server.weir.url)
  const wrong = new URL(session)
  wrong.pathname = wrong.pathname.slice(0, -4) + (wrong.pathname.endsWith('AAAA') ? 'BBBB' : 'AAAA')
  expect((await fetch(wrong, { method: 'DELETE' })).status).toBe(404)
  expect((await fetch(session, { method: 'DELETE' })).status).toBe(200)
  await expect.poll(() => server.open()).toMatchObject({ rows: [], heard: [], places: 0, transports: 0 })
})
