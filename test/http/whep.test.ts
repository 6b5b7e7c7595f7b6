import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/audit/model.ts'
import type { Caller } from '../../src/caller.ts'
import { ifMatchAllows } from '../../src/consumers/if-match.ts'
import { WeirError } from '../../src/errors.ts'
import { createRouteAudit } from '../../src/http/route-audit.ts'
import { whepRoutes } from '../../src/http/whep.ts'
import { createWhepAddresses } from '../../src/http/whep-address.ts'
import { newId } from '../../src/ids.ts'
import { maxOfferBytes } from '../../src/media/mediasoup/whep-offer.ts'
import { hmacSha256 } from '../../src/platform/hmac.ts'
import { chromiumOffer } from '../media/mediasoup/offers.ts'

const streamId = newId('Stream')
const anonymous: Caller = { projectId: null, scopes: [], actor: { kind: 'ANONYMOUS' } }

/** The routes before sessions that are kept in memory, and what they were asked. */
function routes({ openFails = null as Error | null, bodyDeadlineMs = 10_000 } = {}) {
  const opened: { caller: Caller; input: unknown }[] = []
  const open = new Map<string, { etag: string }>()
  const closers: Caller[] = []
  const audited: AuditEntry[] = []
  const faults: unknown[] = []
  const session = (id: string) => {
    const found = open.get(id)
    if (!found) throw new WeirError('NOT_FOUND', 'There is no such session.')
    return found
  }
  const app = whepRoutes({
    sessions: {
      async openWhep(caller, input) {
        opened.push({ caller, input })
        if (openFails) throw openFails
        const id = newId('Consumer')
        open.set(id, { etag: 'first' })
        return { consumer: { id }, token: 'weir_s_token', heartbeatSeconds: 30, answer: 'v=0\r\nanswer', etag: 'first' }
      },
      async patchWhep(_caller, id, fragment, ifMatch) {
        const found = session(id)
        if (ifMatch && !ifMatchAllows(ifMatch, found.etag)) return 'OUTDATED'
        if (!fragment.includes('ice-ufrag:new')) return null
        found.etag = 'second'
        return { fragment: 'a=ice-ufrag:ours\r\n', etag: 'second' }
      },
      async close(caller, id) {
        session(id)
        open.delete(id)
        closers.push(caller)
      },
    },
    authorize: async (request, asked) => {
      if (request.headers.get('authorization') === 'Bearer wrong') {
        throw new WeirError('FORBIDDEN', `The key may not watch ${asked}.`)
      }
      return { projectId: 'project', caller: anonymous }
    },
    projectOf: async () => 'project',
    audit: createRouteAudit({
      trail: { write: async (entries) => void audited.push(...entries) },
      fallbackProjectId: 'first',
      newRequestId: () => 'request',
    }),
    addresses: createWhepAddresses(hmacSha256('secret')),
    onFault: (error) => faults.push(error),
    bodyDeadlineMs,
  })
  const post = (body: BodyInit, { path = `/whep/${streamId}`, ...headers }: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/sdp', ...headers },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit)
  const begin = async () => (await post(chromiumOffer)).headers.get('location')!
  const patch = (path: string, body: string, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'PATCH',
      body,
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', ...headers },
    })
  return { app, post, begin, patch, opened, open, closers, faults, audited }
}

test('an offer is answered with the session: where it is, its ICE session, and how to send heartbeats', async () => {
  const { app, post, opened, open, closers } = routes()
  const response = await post(chromiumOffer, { path: `/whep/${streamId}?client=tv%20%C3%BC&source=agency` })
  expect(response.status).toBe(201)
  const header = (name: string) => response.headers.get(name)
  expect(header('content-type')).toBe('application/sdp')
  expect(header('etag')).toBe('"first"')
  expect(header('accept-patch')).toBe('application/trickle-ice-sdpfrag')
  expect(header('weir-session-token')).toBe('weir_s_token')
  expect(header('weir-heartbeat-seconds')).toBe('30')
  for (const name of ['Location', 'ETag', 'Accept-Patch', 'Retry-After', 'Weir-Session-Token']) {
    expect(header('access-control-expose-headers')).toContain(name)
  }
  expect(header('access-control-allow-origin')).toBe('*')
  expect(header('cache-control')).toBe('no-store')
  expect(await response.text()).toBe('v=0\r\nanswer')
  const input = { streamId, projectId: 'project', clientId: 'tv ü', source: 'agency', offer: chromiumOffer }
  expect(opened).toEqual([{ caller: anonymous, input }])

  const [consumerId] = [...open.keys()]
  expect(header('weir-consumer-id')).toBe(consumerId)
  expect(header('location')).toMatch(new RegExp(`^/whep/${streamId}/${consumerId}/[\\w-]{22}$`))
  // If-Match is of no meaning here, as the draft has it.
  const end = () => app.request(header('location')!, { method: 'DELETE', headers: { 'if-match': '"other"' } })
  expect((await end()).status).toBe(200)
  expect(closers).toMatchObject([{ scopes: [], actor: { kind: 'SESSION' }, session: { consumerId, streamId } }])
  const second = await end()
  expect([second.status, await second.json()]).toEqual([404, expect.objectContaining({ code: 'NOT_FOUND' })])
})

test('who knows the id alone changes and ends nothing', async () => {
  const { app, begin, patch, open } = routes()
  const location = await begin()
  const other = (await begin()).split('/')
  const guesses = [
    location.slice(0, -1),
    `${location.slice(0, -1)}${location.endsWith('A') ? 'B' : 'A'}`,
    [...location.split('/').slice(0, 4), other[4]].join('/'),
    location.replace(streamId, newId('Stream')),
    location.replace(/consumer_\w+/, 'consumer_x'),
    location.split('/').slice(0, 4).join('/'),
  ]
  for (const guess of guesses) {
    expect((await app.request(guess, { method: 'DELETE' })).status).toBe(404)
    expect((await patch(guess, 'a=ice-ufrag:new', { 'if-match': '*' })).status).toBe(404)
  }
  expect([...open.values()]).toEqual([{ etag: 'first' }, { etag: 'first' }])
})

test("the ICE session's entity tag decides about a fragment", async () => {
  const { begin, patch } = routes()
  const location = await begin()
  const statusOf = async (...asked: Parameters<typeof patch>) => (await patch(...asked)).status
  expect(await statusOf(location, 'a=ice-ufrag:old')).toBe(428)
  expect(await statusOf(location, 'a=ice-ufrag:old', { 'if-match': '"other"' })).toBe(412)
  expect(await statusOf(location, 'a=ice-ufrag:old', { 'if-match': 'W/"first"' })).toBe(412)
  const trickled = await patch(location, 'a=ice-ufrag:old', { 'if-match': '"other", "first"' })
  expect([trickled.status, trickled.headers.get('etag')]).toEqual([204, null])
  const restarted = await patch(location, 'a=ice-ufrag:new', { 'if-match': '*' })
  expect([restarted.status, restarted.headers.get('etag'), restarted.headers.get('content-type')]).toEqual([
    200,
    '"second"',
    'application/trickle-ice-sdpfrag',
  ])
  expect(await restarted.text()).toBe('a=ice-ufrag:ours\r\n')
  // What was trickled before the restart and comes after it.
  expect(await statusOf(location, 'a=ice-ufrag:old', { 'if-match': '"first"' })).toBe(412)
  const wrong = await patch(location, 'a=x', { 'if-match': '*', 'content-type': 'application/sdp' })
  expect([wrong.status, wrong.headers.get('accept-patch')]).toEqual([415, 'application/trickle-ice-sdpfrag'])
  expect(await statusOf(location, 'a=x\r\n'.repeat(10_000), { 'if-match': '*' })).toBe(400)
})

test('a page of another origin may ask; methods are named; nothing is to be read', async () => {
  const { app, begin } = routes()
  const session = await begin()
  for (const [path, method, accept] of [
    [`/whep/${streamId}`, 'POST', 'accept-post'],
    [session, 'DELETE', 'accept-patch'],
  ] as const) {
    const options = await app.request(path, { method: 'OPTIONS' })
    expect(options.status).toBe(200)
    expect(options.headers.get('access-control-allow-origin')).toBe('*')
    expect(options.headers.get('access-control-allow-methods')).toContain(method)
    expect(options.headers.get('access-control-allow-headers')).toContain('If-Match')
    expect(options.headers.get(accept)).toMatch(/^application\//)
    const put = await app.request(path, { method: 'PUT' })
    expect([put.status, put.headers.get('allow')]).toEqual([405, expect.stringContaining(method)])
    for (const name of ['GET', 'HEAD']) {
      const got = await app.request(path, { method: name })
      expect([got.ok, await got.text()]).toEqual([true, ''])
    }
  }
  const head = await app.request(`/whep/${streamId}`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'application/sdp'])
  expect((await app.request('/whep/')).status).toBe(404)
})

test("errors are JSON with the table's code and status, readable from other origins", async () => {
  const { post, opened } = routes()
  const cases: [Promise<Response> | Response, number, string][] = [
    [post(chromiumOffer, { 'content-type': 'application/json' }), 415, 'UNSUPPORTED_MEDIA'],
    [post('v=0'), 400, 'BAD_USER_INPUT'],
    [post(chromiumOffer.replaceAll(/H264|opus/g, 'XYZ')), 415, 'UNSUPPORTED_MEDIA'],
    [post(chromiumOffer, { path: '/whep/stream_2' }), 404, 'NOT_FOUND'],
    [post(chromiumOffer, { authorization: 'Bearer wrong' }), 403, 'FORBIDDEN'],
    [post(chromiumOffer, { 'weir-client': 'x'.repeat(201) }), 400, 'BAD_USER_INPUT'],
  ]
  for (const [answer, status, code] of cases) {
    const response = await answer
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })])
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  }
  expect(opened).toEqual([])
})

test.each([
  [new WeirError('CAPACITY_EXCEEDED', 'Full.'), 503, '2'],
  [new WeirError('UNAVAILABLE', 'Not yet.', { retryAfterSeconds: 7 }), 503, '7'],
  [new WeirError('INVALID_STATE', 'The stream is not running.'), 409, '2'],
  [new WeirError('QUOTA_EXCEEDED', 'Full.'), 403, null],
])('when to come back is said: %s', async (openFails, status, retryAfter) => {
  const response = await routes({ openFails }).post(chromiumOffer)
  expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter])
})

test('an offer is read no further than it may be long', async () => {
  const { post, opened } = routes()
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1024
      controller.enqueue(new Uint8Array(1024))
    },
  })
  const response = await post(endless)
  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'BAD_USER_INPUT' })])
  expect(sent).toBeLessThan(2 * maxOfferBytes)
  expect(opened).toEqual([])
})

test('an offer that does not come is not waited for', async () => {
  const { post, opened } = routes({ bodyDeadlineMs: 1 })
  let cancelled = false
  const silent = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true
    },
  })
  expect((await post(silent)).status).toBe(400)
  expect([cancelled, opened]).toEqual([true, []])
})

test('a fault of ours is told to us, not to the caller', async () => {
  const { post, faults } = routes({ openFails: new Error('secret detail') })
  const response = await post(chromiumOffer)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
  expect(faults).toMatchObject([{ message: 'secret detail' }])
})

test('each request that changes something is audited, with what came of it', async () => {
  const { app, post, begin, patch, open, audited } = routes()
  const location = await begin()
  const [id] = [...open.keys()]
  await patch(location, 'a=candidate', { 'if-match': '"first"' })
  await patch(location, 'a=ice-ufrag:new', { 'if-match': '*' })
  await patch(location, 'a=ice-ufrag:new')
  await app.request(location, { method: 'DELETE' })
  await app.request(location, { method: 'DELETE' })
  await app.request(`${location}x`, { method: 'DELETE' })
  await post(chromiumOffer, { authorization: 'Bearer wrong' })
  await post('no offer')
  await app.request(`/whep/${streamId}`)
  const ids = [id, streamId]
  expect(
    audited.map(({ mutation, result, subjectIds, projectId, actor }) => [
      mutation,
      result,
      subjectIds,
      projectId,
      actor.kind,
    ]),
  ).toEqual([
    ['openConsumer', 'OK', ids, 'project', 'ANONYMOUS'],
    ['connectConsumer', 'OK', ids, 'project', 'SESSION'],
    ['restartConsumerIce', 'OK', ids, 'project', 'SESSION'],
    ['restartConsumerIce', 'BAD_USER_INPUT', ids, 'project', 'SESSION'],
    ['closeConsumer', 'OK', ids, 'project', 'SESSION'],
    ['closeConsumer', 'NOT_FOUND', ids, 'project', 'SESSION'],
    ['closeConsumer', 'NOT_FOUND', [], 'first', 'ANONYMOUS'],
    ['openConsumer', 'FORBIDDEN', [streamId], 'first', 'ANONYMOUS'],
    ['openConsumer', 'BAD_USER_INPUT', [streamId], 'project', 'ANONYMOUS'],
  ])
})
