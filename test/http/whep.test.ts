import { expect, test } from 'vitest'
import { WeirError } from '../../src/errors.ts'
import { whepRoutes } from '../../src/http/whep.ts'
import { maxOfferBytes } from '../../src/media/mediasoup/whep-offer.ts'

/** The routes before a pool that knows one stream and answers with what it was offered. */
function routes() {
  const offers: string[] = []
  const sessions = new Set<string>()
  const faults: unknown[] = []
  const app = whepRoutes({
    media: {
      openViewer: async (streamId, offer) => {
        offers.push(offer)
        if (offer === 'boom') throw new Error('secret detail')
        if (streamId !== 'stream_1') throw new WeirError('INVALID_STATE', 'The stream is not running here.')
        sessions.add('session-1')
        return { id: 'session-1', answer: 'v=0\r\nanswer' }
      },
      closeViewer: async (id) => sessions.delete(id),
    },
    authorize: async (request, streamId) => {
      if (request.headers.get('authorization') === 'Bearer wrong') {
        throw new WeirError('FORBIDDEN', `The key may not watch ${streamId}.`)
      }
      return { maxConsumers: null }
    },
    onFault: (error) => faults.push(error),
  })
  const post = (body: BodyInit, { path = '/whep/stream_1', ...headers }: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/sdp', ...headers },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit)
  return { app, post, offers, faults }
}

test('an offer is answered with the session where it can be ended', async () => {
  const { app, post, offers } = routes()
  const response = await post('v=0\r\noffer')
  expect(response.status).toBe(201)
  expect(response.headers.get('content-type')).toBe('application/sdp')
  expect(response.headers.get('location')).toBe('/whep/stream_1/session-1')
  expect(response.headers.get('access-control-expose-headers')).toContain('Location')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(await response.text()).toBe('v=0\r\nanswer')
  expect(offers).toEqual(['v=0\r\noffer'])

  const end = () => app.request('/whep/stream_1/session-1', { method: 'DELETE' })
  expect((await end()).status).toBe(200)
  const second = await end()
  expect(second.status).toBe(404)
  expect(await second.json()).toMatchObject({ code: 'NOT_FOUND' })
})

test('a page of another origin may ask', async () => {
  const { app } = routes()
  for (const path of ['/whep/stream_1', '/whep/stream_1/session-1']) {
    const response = await app.request(path, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-methods')).toContain('DELETE')
    expect(response.headers.get('access-control-allow-headers')).toContain('Content-Type')
  }
})

test("errors are JSON with the table's code and status, readable from other origins", async () => {
  const { post } = routes()
  const cases: [Promise<Response> | Response, number, string][] = [
    [post('v=0', { 'content-type': 'application/json' }), 415, 'UNSUPPORTED_MEDIA'],
    [post('v=0', { path: '/whep/stream_2' }), 409, 'INVALID_STATE'],
    [post('v=0', { authorization: 'Bearer wrong' }), 403, 'FORBIDDEN'],
  ]
  for (const [answer, status, code] of cases) {
    const response = await answer
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })])
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  }
})

test('who may not watch does not reach the pool', async () => {
  const { post, offers } = routes()
  await post('v=0', { authorization: 'Bearer wrong' })
  expect(offers).toEqual([])
})

test('an offer is read no further than it may be long', async () => {
  const { post, offers } = routes()
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1024
      controller.enqueue(new Uint8Array(1024))
    },
  })
  const response = await post(endless)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(sent).toBeLessThan(2 * maxOfferBytes)
  expect(offers).toEqual([])
})

test('a fault of ours is told to us, not to the caller', async () => {
  const { post, faults } = routes()
  const response = await post('boom')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
  expect(faults).toMatchObject([{ message: 'secret detail' }])
})

test('trickled candidates are taken and dropped; other methods are named', async () => {
  const { app } = routes()
  const patch = (type: string) =>
    app.request('/whep/stream_1/session-1', { method: 'PATCH', body: 'a=x', headers: { 'content-type': type } })
  expect((await patch('application/trickle-ice-sdpfrag')).status).toBe(204)
  expect((await patch('application/sdp')).status).toBe(415)
  const get = await app.request('/whep/stream_1')
  expect(get.status).toBe(405)
  expect(get.headers.get('allow')).toContain('POST')
})
