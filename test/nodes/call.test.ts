import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { SessionRef } from '../../src/consumers/media.ts'
import { WeirError } from '../../src/errors.ts'
import { composeApp } from '../../src/http/app.ts'
import { internalRoutes, type NodeMethods } from '../../src/http/internal.ts'
import { createNodeCall } from '../../src/nodes/call.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { Elsewhere } from '../../src/streams/elsewhere.ts'
import { figuresOf } from '../support/rows.ts'

const methods = {
  figures: async ({ streamIds }: { streamIds: string[] }) => streamIds.map((id) => figuresOf(id)),
  playlist: async (_: { streamId: string }) => null,
  openWhep: async (_: Parameters<NodeMethods['openWhep']>[0]) => {
    throw new WeirError('CAPACITY_EXCEEDED', 'No room.', { needed: 2, available: 1 })
  },
  close: async (_: SessionRef) => {
    throw new Error('with the path /secret in it')
  },
} satisfies Partial<NodeMethods>
const secret = 'what-all-nodes-know'

/** Another node's routes, called without a network. */
function aNode(known = secret): typeof fetch {
  const playback = new Hono().get('/hls/:id', (context) => context.text('segment'))
  const app = composeApp({
    routes: [internalRoutes({ secret: known, methods: methods as unknown as NodeMethods, playback })],
    logger: silentLogger,
    maxBodyBytes: 1_000_000,
    newRequestId: () => 'request',
    now: () => 0,
  })
  const outgoing = { setHeader() {} }
  const incoming = { headers: {}, socket: { remoteAddress: '127.0.0.1' } }
  return async (url, init) => app.fetch(new Request(url, init), { incoming, outgoing } as never)
}
const call = (fetched: typeof fetch, selfId = 'node_a') => createNodeCall({ selfId, methods, secret, fetch: fetched })
const ref = { consumerId: 'consumer', incarnation: 1 }
const other = { id: 'node_b', name: 'two', url: 'http://two.test' }

test('a method of another node: its answer, its errors as they are, its faults as the node not answering', async () => {
  const calls = call(aNode())
  expect(await calls.call(other, 'playlist', { streamId: 's' })).toBeNull()
  expect((await calls.call(other, 'figures', { streamIds: ['a', 'b'] })).map(({ streamId }) => streamId)).toEqual([
    'a',
    'b',
  ])
  await expect(calls.call(other, 'openWhep', { ...ref, streamId: 's', offer: '' })).rejects.toMatchObject({
    code: 'CAPACITY_EXCEEDED',
    details: { needed: 2, available: 1 },
  })
  const silent = { code: 'UNAVAILABLE', message: 'The node two does not answer.' }
  await expect(calls.call(other, 'close', ref)).rejects.toMatchObject(silent)
  await expect(call(aNode('another secret')).call(other, 'playlist', { streamId: 's' })).rejects.toMatchObject(silent)
  await expect(calls.call({ ...other, url: null }, 'playlist', { streamId: 's' })).rejects.toMatchObject(silent)
  expect(await (await calls.get(other, '/hls/s', { method: 'GET' })).text()).toBe('segment')
})

test('its own methods without a network', async () => {
  const never: typeof fetch = () => Promise.reject(new Error('asked'))
  expect(await call(never, 'node_b').call(other, 'playlist', { streamId: 's' })).toBeNull()
})

test('without the secret nothing is answered, whatever is asked', async () => {
  const node = aNode()
  for (const authorization of ['', 'Bearer', `Bearer ${secret}x`, `Bearer ${secret.slice(1)}`, secret]) {
    for (const path of ['/call/figures', '/call/nothing', '/hls/s', '/anything']) {
      const response = await node(`http://two.test/internal${path}`, { method: 'POST', headers: { authorization } })
      expect([response.status, await response.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }])
    }
  }
})

test.each<[string, RequestListener]>([
  ['says nothing', () => {}],
  ['stops in the middle of its answer', (_, response) => void response.writeHead(200).write('{"answer":')],
  ['leads elsewhere', (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()],
  ['speaks of something else', (_, response) => void response.end('<html>')],
])('a node that %s is UNAVAILABLE within its deadline, by its name', async (_, listener) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const asked = call(fetch).call({ ...other, url }, 'playlist', { streamId: 's' }, 300)
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'The node two does not answer.' })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('figures: from here, a question a node, and one that does not answer leaves its own out and is let be for a while', async () => {
  let now = 0
  const asked: string[][] = []
  const node = aNode()
  const fetched: typeof fetch = async (url, init) => {
    const { host } = new URL(url as string)
    asked.push([host, ...(JSON.parse(init!.body as string) as { streamIds: string[] }).streamIds])
    return host === 'dead.test' ? Promise.reject(new Error('refused')) : node(url, init)
  }
  const dead = { id: 'node_c', name: 'dead', url: 'http://dead.test' }
  const owners = new Map([
    ['b1', other],
    ['b2', other],
    ['c1', dead],
  ])
  const elsewhere = new Elsewhere({
    call: call(fetched),
    owners: async (ids) => new Map([...owners].filter(([id]) => ids.includes(id))),
    monotonic: () => now,
  })
  const figures = elsewhere.figures({ read: async (ids) => new Map(ids.includes('a') ? [['a', figuresOf('a')]] : []) })
  const read = async (...ids: string[]) => [...(await figures.read(ids)).keys()].sort()
  expect(await read('a', 'b1', 'b2', 'c1', 'unknown')).toEqual(['a', 'b1', 'b2'])
  expect(asked).toEqual([
    ['two.test', 'b1', 'b2'],
    ['dead.test', 'c1'],
  ])
  expect(await read('c1')).toEqual([])
  expect(asked).toHaveLength(2)
  now = 6000
  expect(await read('c1')).toEqual([])
  expect(asked).toHaveLength(3)
})
