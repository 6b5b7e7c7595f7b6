import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Cluster } from '../support/cluster.ts'
import { GstreamerPlayer } from '../support/gstreamer-player.ts'
import * as documents from '../support/player-documents.ts'
import { until } from '../support/until.ts'
import { adminKey, type Weir } from '../support/weir.ts'

/** The key is revoked on one node; everything that it opened is on the other. */
let cluster: Cluster
let here: Weir
let there: Weir

beforeAll(async () => {
  cluster = await Cluster.start(['a', 'b'], { PUBLIC_PLAYBACK: 'false' })
  here = cluster.nodes.get('a')!
  there = cluster.nodes.get('b')!
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

async function ask(weir: Weir, query: string, variables: object = {}) {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  expect(errors).toBeUndefined()
  return data
}

test('a key that is revoked on one node opens nothing on another: sockets, event streams, players, their sessions', async () => {
  const { id: streamId } = await here.liveStream({
    name: 'Pattern',
    source: { testPattern: { width: 320, height: 180, fps: 15, tone: true } },
  })
  const made = await ask(
    here,
    'mutation { createApiKey(input: { name: "gateway", scopes: [READ, WRITE, PLAY] }) { key apiKey { id } } }',
  )
  const { key, apiKey } = made.createApiKey
  const authorization = `Bearer ${key}`

  const socket = new WebSocket(`${there.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const frames: { type: string; id?: string; payload?: unknown }[] = []
  const closed = new Promise<{ code: number; at: number }>((resolve) =>
    socket.once('close', (code) => resolve({ code, at: performance.now() })),
  )
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
  await until('the socket is let in', () => frames.length > 0)
  const subscription = 'subscription { events { ... on Checkpoint { cursor } } }'
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: subscription } }))
  await until('the subscription runs', () => frames.some(({ type }) => type === 'next'))

  const stream = await fetch(`${there.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
    body: JSON.stringify({ query: subscription }),
  })
  let told = ''
  const streamEnded = (async () => {
    for await (const chunk of stream.body!) told += new TextDecoder().decode(chunk)
    return performance.now()
  })()
  await until('the event stream runs', () => told.includes('"cursor"'))

  await using player = new GstreamerPlayer(`${there.url}/whep/${streamId}`, key)
  await player.waitFor('decoded', ({ video }) => video > 0)
  const playlist = () =>
    fetch(`${there.url}/hls/${streamId}/index.m3u8`, { headers: { authorization } }).then(async (response) => {
      await response.body?.cancel()
      return response.status
    })
  expect(await playlist()).toBe(200)

  const revokedAt = performance.now()
  await ask(here, 'mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', { id: apiKey.id })
  const [end, streamEndedAt] = await Promise.all([closed, streamEnded])
  expect(end.code).toBe(4403)
  expect(frames.find(({ type, id }) => type === 'error' && id === '1')!.payload).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED' } },
  ])
  expect(told).toContain('UNAUTHENTICATED')
  await until('the playlist is refused', async () => (await playlist()) === 401)
  const hlsAt = performance.now()
  const session = await until('the session is closed', async () => {
    const { consumers } = await here.api.request(documents.TestSessions, { filter: { streamId }, first: 10 })
    return consumers!.nodes!.find((node) => node?.state === 'CLOSED')
  })
  const sessionAt = performance.now()
  expect(session).toMatchObject({ protocol: 'WHEP', closeReason: 'KEY_REVOKED' })
  await player.waitFor('connection', ({ state }) => /^(disconnected|failed|closed)$/.test(state))
  const afterMs = {
    socket: Math.round(end.at - revokedAt),
    eventStream: Math.round(streamEndedAt - revokedAt),
    hls: Math.round(hlsAt - revokedAt),
    session: Math.round(sessionAt - revokedAt),
    playerKnows: Math.round(performance.now() - revokedAt),
  }
  console.log('after the revocation, in ms:', afterMs)
})
