import { once } from 'node:events'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { streams } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { operate, serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { addStream } from '../support/rows.ts'

let database: TestDatabase
let api: TestApi
let server: TestApiServer

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  api = await createTestApi(database)
  server = await serveTestApi(api)
})
afterEach(() => server.close())

interface Frame {
  id?: string
  type: string
  payload?: unknown
}

/** A bare socket that keeps what it receives. */
async function connect(
  payload: object = {},
): Promise<{ socket: WebSocket; frames: Frame[]; send: (frame: object) => void }> {
  const socket = server.socket()
  const frames: Frame[] = []
  socket.on('message', (text) => frames.push(JSON.parse(String(text))))
  await once(socket, 'open')
  const send = (frame: object) => socket.send(JSON.stringify(frame))
  send({ type: 'connection_init', payload })
  await eventually(() =>
    expect(frames.at(0)?.type ?? socket.readyState).toSatisfy((seen) => seen === 'connection_ack' || seen > 1),
  )
  return { socket, frames, send }
}

test('queries and mutations are answered as over HTTP, with the same errors', async () => {
  const stream = await addStream(database.db, api.projectId, { name: 'over ws' })
  const client = server.client(api.key('READ'))
  const first = await operate(client, '{ streams { nodes { name } } node(id: "nonsense") { id } }').next()
  expect(first.value).toMatchObject({
    data: { streams: { nodes: [{ name: 'over ws' }] }, node: null },
    errors: [{ path: ['node'], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] } }],
  })
  const refused = await operate(client, `mutation { stopStream(id: "${stream.id}") { id } }`).next()
  expect(refused.value).toMatchObject({ data: { stopStream: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] })
})

test('without a key: what is public, and no more', async () => {
  await addStream(database.db, api.projectId, { name: 'public' })
  const client = server.client(null)
  const { value } = await operate(client, 'subscription { streams { changed { name labels } } }').next()
  expect(value).toMatchObject({
    data: { streams: { changed: [{ name: 'public', labels: null }] } },
    errors: [{ path: ['streams', 'changed', 0, 'labels'], extensions: { code: 'UNAUTHENTICATED' } }],
  })
})

test.each([
  ['authorization', (key: string) => ({ authorization: `Bearer ${key}` })],
  ['Authorization', (key: string) => ({ Authorization: `Bearer ${key}` })],
  ['X-Pulse-Key', (key: string) => ({ 'X-Pulse-Key': key })],
])('the key is taken from connection_init as %s', async (_, payload) => {
  const { frames, send } = await connect(payload(api.key('READ')))
  send({ id: '1', type: 'subscribe', payload: { query: '{ viewer { scopes } }' } })
  await eventually(() =>
    expect(frames).toContainEqual({ id: '1', type: 'next', payload: { data: { viewer: { scopes: ['READ'] } } } }),
  )
})

test('a key that is no good ends the socket with 4401', async () => {
  const socket = server.socket()
  await once(socket, 'open')
  const closed = once(socket, 'close')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer nobody' } }))
  const [code, reason] = await closed
  expect([code, String(reason)]).toEqual([4401, 'UNAUTHENTICATED'])
})

test('a key that is revoked does not start another operation', async () => {
  const key = api.key('READ')
  const { socket, frames, send } = await connect({ authorization: `Bearer ${key}` })
  api.revoke(key)
  send({ id: '1', type: 'subscribe', payload: { query: '{ viewer { scopes } }' } })
  await eventually(() =>
    expect(frames).toContainEqual({
      id: '1',
      type: 'error',
      payload: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
    }),
  )
  expect(socket.readyState).toBe(socket.OPEN)
})

test('a key that is revoked loses the operations that run, and their listeners', async () => {
  let passed = 0
  const hurried = await createTestApi(database, { now: () => Date.now() + passed })
  const other = await serveTestApi(hurried)
  const key = hurried.key('READ')
  const messages = operate(other.client(key), 'subscription { streams { changed { name } } }')
  await messages.next()
  expect(hurried.listeners()).toBe(1)
  hurried.revoke(key)
  passed = 60_000
  hurried.deps.bus.publish('streams', (await addStream(database.db, hurried.projectId)).id)
  expect((await messages.next()).value.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  await eventually(() => expect(hurried.listeners()).toBe(0))
  await other.close()
})

test('the 101st operation at once is refused, the socket and the hundred live on', async () => {
  const { socket, frames, send } = await connect()
  // Filters of their own: equal ones share one look, and one listener.
  const watch = (id: number | string) => ({ query: `subscription { streams(filter: { name: "${id}" }) { reset } }` })
  for (let id = 1; id <= 101; id++) send({ id: `${id}`, type: 'subscribe', payload: watch(id) })
  await eventually(() => expect(frames.filter(({ type }) => type === 'next')).toHaveLength(100))
  await eventually(() =>
    expect(frames.filter(({ type }) => type === 'error')).toMatchObject([
      { payload: [{ extensions: { code: 'RATE_LIMITED', needed: 101, available: 100 } }] },
    ]),
  )
  send({ id: '1', type: 'complete' })
  await eventually(() => expect(api.listeners()).toBe(99))
  send({ id: 'again', type: 'subscribe', payload: watch('again') })
  await eventually(() => expect(frames).toContainEqual(expect.objectContaining({ id: 'again', type: 'next' })))
  expect(socket.readyState).toBe(socket.OPEN)
})

test('subscribers who are told the same at once get each the answer to what they asked, may see and called it', async () => {
  const stream = await addStream(database.db, api.projectId, { name: 'before', labels: { room: '7' } })
  const query = `subscription Watch($withState: Boolean!) {
    streams { changed { name labels state @include(if: $withState) } }
  }`
  const watch = (id: string, withState: boolean) => ({
    id,
    type: 'subscribe',
    payload: { query, variables: { withState } },
  })
  const key = { authorization: `Bearer ${api.key('READ')}` }
  const [one, other, stranger] = [await connect(key), await connect(key), await connect()]
  one.send(watch('1', true))
  one.send(watch('an "id" of its own: ü', false))
  other.send(watch('1', true))
  other.send(watch('2', true))
  stranger.send(watch('1', true))
  const answers = ({ frames }: { frames: Frame[] }) => frames.filter(({ type }) => type === 'next')
  await eventually(() => expect([one, other, stranger].map((each) => answers(each).length)).toEqual([2, 2, 1]))

  for (const name of ['after', 'ünd dann']) {
    for (const each of [one, other, stranger]) each.frames.length = 0
    await database.db.update(streams).set({ name }).where(eq(streams.id, stream.id))
    api.deps.bus.publish('streams', stream.id)
    await eventually(() => expect([one, other, stranger].map((each) => answers(each).length)).toEqual([2, 2, 1]))
    const labels = { room: '7' }
    const next = (id: string, changed: object, errors?: unknown) => ({
      id,
      type: 'next',
      payload: { data: { streams: { changed: [changed] } }, ...(errors ? { errors } : {}) },
    })
    const whole = { name, labels, state: stream.state }
    const byId = (frames: Frame[]) => frames.toSorted((a, b) => (a.id! < b.id! ? -1 : 1))
    expect(byId(one.frames)).toEqual([next('1', whole), next('an "id" of its own: ü', { name, labels })])
    expect(byId(other.frames)).toEqual([next('1', whole), next('2', whole)])
    expect(stranger.frames).toEqual([
      next('1', { ...whole, labels: null }, [expect.objectContaining({ path: ['streams', 'changed', 0, 'labels'] })]),
    ])
  }
})

test('nothing more is sent for a subscription that its client has completed', async () => {
  const stream = await addStream(database.db, api.projectId, { name: 'before' })
  const { frames, send } = await connect()
  const payload = { query: 'subscription { streams { changed { name } } }' }
  for (const id of ['1', '2']) send({ id, type: 'subscribe', payload })
  await eventually(() => expect(frames.filter(({ type }) => type === 'next')).toHaveLength(2))
  frames.length = 0
  send({ id: '1', type: 'complete' })
  // Frames are handled in their order: with the answer to this one the other is over.
  send({ id: '3', type: 'subscribe', payload: { query: '{ viewer { scopes } }' } })
  await eventually(() => expect(frames).toContainEqual({ id: '3', type: 'complete' }))
  for (const name of ['after', 'at last']) {
    await database.db.update(streams).set({ name }).where(eq(streams.id, stream.id))
    api.deps.bus.publish('streams', stream.id)
    const told = { id: '2', type: 'next', payload: { data: { streams: { changed: [{ name }] } } } }
    await eventually(() => expect(frames).toContainEqual(told))
  }
  expect(frames.filter(({ id }) => id === '1')).toEqual([])
})

test('a frame of more than 64 KB ends the socket', async () => {
  const { socket, send } = await connect()
  const closed = once(socket, 'close')
  send({ id: '1', type: 'subscribe', payload: { query: `{ viewer { scopes } } # ${'x'.repeat(70_000)}` } })
  expect((await closed)[0]).toBe(1009)
})

test('nothing is compressed: the server declines', async () => {
  const { socket } = await connect()
  expect(socket.extensions).toBe('')
})

test('a socket that never says connection_init is ended', async () => {
  const socket = server.socket()
  const [code] = await once(socket, 'close')
  expect(code).toBe(4408)
})

test('a bad document fails its own operation only', async () => {
  const { socket, frames, send } = await connect()
  send({ id: '1', type: 'subscribe', payload: { query: '{ streams { ' } })
  send({ id: '2', type: 'subscribe', payload: { query: '{ nothing }' } })
  send({ id: '3', type: 'subscribe', payload: { query: '{ viewer { scopes } }' } })
  await eventually(() => expect(frames.map(({ type, id }) => `${id} ${type}`)).toContain('3 complete'))
  expect(frames.filter(({ type }) => type === 'error')).toMatchObject([
    { id: '1', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    { id: '2', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
  ])
  expect(socket.readyState).toBe(socket.OPEN)
})
