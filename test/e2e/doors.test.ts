import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { newId } from '../../src/ids.ts'
import { adminKey, Weir } from '../support/weir.ts'

const allowed = 'https://video.example.com'
const foreign = 'https://evil.example'
/** A point comes back after 10 s: no test takes so long by chance. */
const addressLimit = 6
const projectLimit = 400

let weir: Weir
beforeAll(async () => {
  weir = await Weir.start({
    env: {
      NODE_ENV: 'production',
      CORS_ORIGINS: `${allowed},https://other.example.com`,
      PUBLIC_URL: 'https://weir.example.com',
      TRUSTED_PROXIES: '127.0.0.1',
      RATE_LIMIT_ADDRESS: String(addressLimit),
      RATE_LIMIT_PROJECT: String(projectLimit),
    },
  })
})
afterAll(() => weir[Symbol.asyncDispose]())

let last = 0
/** The address of a client that has asked for nothing yet. */
const newAddress = () => `203.0.113.${++last}`

interface Asked {
  from?: string
  key?: string
  headers?: Record<string, string>
}

const given = ({ from, key, headers }: Asked) => ({
  ...(from ? { 'x-forwarded-for': from } : {}),
  ...(key ? { authorization: `Bearer ${key}` } : {}),
  ...headers,
})

async function ask(query: string, asked: Asked = {}) {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...given(asked) },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, headers: response.headers, ...answerOf(await response.json()) }
}

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: what each query asks for is of another form.
  data: any
  error: { code: string; retryAfterSeconds?: number } | null
}

/** Of an operation's answer, or of the API's before there was an operation. */
function answerOf(body: { data?: unknown; errors?: { extensions: Answer['error'] }[]; code?: string }): Answer {
  const error = body.code === undefined ? null : { code: body.code }
  return { data: body.data ?? null, error: body.errors?.[0]?.extensions ?? error }
}

const get = (path: string, asked: Asked = {}) => fetch(weir.url + path, { headers: given(asked) })

/** A socket that was let in, and a way to ask over it. */
async function connect(asked: Asked = {}) {
  const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: given(asked),
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await once(socket, 'message')
  let lastId = 0
  const waiting = new Map<string, (answer: Answer) => void>()
  socket.on('message', (data) => {
    const { id, type, payload } = JSON.parse(String(data))
    if (type === 'complete') return
    waiting.get(id)?.(answerOf(type === 'error' ? { errors: payload } : payload))
  })
  return {
    socket,
    ask(query: string) {
      const id = String(++lastId)
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }))
      return new Promise<Answer>((resolve) => waiting.set(id, resolve))
    },
  }
}

/** Asks until there are no points left, of which some come back meanwhile. */
async function refusedIn(ask: () => Promise<Answer>): Promise<void> {
  for (let asked = 0; asked < 2 * projectLimit; asked++) if ((await ask()).error?.code === 'RATE_LIMITED') return
  throw new Error('nothing was refused')
}

/** The status with which an upgrade is refused; 101 where it is not. */
function upgrade(headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${weir.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    socket.on('error', () => {})
  })
}

describe('rates', () => {
  test('an address without a key has its points over HTTP and WebSocket together, and is told when to come back', async () => {
    const from = newAddress()
    const { ask: askBySocket, socket } = await connect({ from })
    for (let taken = 1; taken <= addressLimit; taken += 2) {
      const answer = await ask('{ viewer { scopes } }', { from })
      expect(answer.error).toBeNull()
      expect(answer.headers.get('ratelimit-policy')).toBe(`"address";q=${addressLimit};w=60`)
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"address";r=${addressLimit - taken};t=\\d+$`))
      expect((await askBySocket('{ viewer { scopes } }')).error).toBeNull()
    }
    const refused = await ask('{ viewer { scopes } }', { from })
    expect(refused.status).toBe(429)
    expect(refused.error).toMatchObject({ code: 'RATE_LIMITED', needed: 1, available: 0 })
    const seconds = Number(refused.headers.get('retry-after'))
    expect(refused.error?.retryAfterSeconds).toBe(seconds)
    expect(refused.headers.get('ratelimit-remaining')).toBe('0')
    expect((await askBySocket('{ viewer { scopes } }')).error).toMatchObject({ code: 'RATE_LIMITED' })
    expect((await ask('{ viewer { scopes } }', { from: newAddress() })).error).toBeNull()
    // What it was told suffices, and the socket has lived on.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    expect((await askBySocket('{ viewer { scopes } }')).error).toBeNull()
    socket.terminate()
  })

  test('what is not counted goes on from an address that has no points left', async () => {
    const from = newAddress()
    await refusedIn(() => ask('{ viewer { scopes } }', { from }))
    for (const path of ['/health', '/health/liveness', '/v2/health/system', '/'])
      expect((await get(path, { from })).status, path).toBe(200)
    const whep = await fetch(`${weir.url}/whep/${newId('Stream')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', ...given({ from }) },
      body: 'v=0',
    })
    expect(whep.status).toBe(429)
    expect(Number(whep.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('a network of IPv6 counts as one address', async () => {
    for (let host = 0; host < addressLimit; host++)
      expect((await ask('{ viewer { scopes } }', { from: `2001:db8:1:2::${host.toString(16)}` })).error).toBeNull()
    expect((await ask('{ viewer { scopes } }', { from: '2001:db8:1:2:ffff::1' })).status).toBe(429)
    expect((await ask('{ viewer { scopes } }', { from: '2001:db8:1:3::1' })).error).toBeNull()
  })

  test('bad keys count against the address that sends them; a key that was good is not held up by them', async () => {
    const from = newAddress()
    expect((await ask('{ viewer { scopes } }', { from, key: adminKey })).error).toBeNull()
    const codes: string[] = []
    for (let i = 0; i < addressLimit + 5; i++)
      codes.push(
        (await ask('{ viewer { scopes } }', { from, key: `weir_no_such_key_${'0'.repeat(20)}${i}` })).error?.code ?? '',
      )
    expect(codes.slice(0, addressLimit)).toEqual(Array(addressLimit).fill('UNAUTHENTICATED'))
    expect(codes.slice(addressLimit + 1)).toEqual(Array(4).fill('RATE_LIMITED'))
    expect((await ask('{ viewer { scopes } }', { from, key: adminKey })).error).toBeNull()
    // What is no key at all is counted as well.
    const garbled = await ask('{ viewer { scopes } }', { from, headers: { authorization: 'Basic x' } })
    expect(garbled.error?.code).toBe('RATE_LIMITED')
  })

  test('a flood of queries by a project leaves its heartbeats alone; large ones take several points', async () => {
    const { ask: askBySocket, socket } = await connect({ key: adminKey })
    const before = (await ask('{ viewer { rateLimit { limit remaining resetsAt } } }', { key: adminKey })).data.viewer
      .rateLimit
    expect(before.limit).toBe(projectLimit)
    expect(before.remaining).toBeLessThan(projectLimit)
    expect(Date.parse(before.resetsAt)).toBeGreaterThan(Date.now() - 1000)
    const large = await ask(
      '{ streams(first: 100) { nodes { id source { kind } health { status } process { fps } tracks { kind } } } }',
      {
        key: adminKey,
      },
    )
    expect(large.error).toBeNull()
    expect(Number(large.headers.get('ratelimit-remaining'))).toBeLessThan(before.remaining - 3)
    await refusedIn(() => askBySocket('{ viewer { scopes } }'))
    await refusedIn(() => ask('{ viewer { scopes } }', { key: adminKey }))

    const id = newId('Consumer')
    const usual = `mutation { recordHeartbeat(consumerId: "${id}") { accepted refusal } }`
    const unusual = `mutation { ...F } fragment F on Mutation { recordHeartbeat(consumerId: "${id}") { accepted } }`
    const answers = [await ask(usual, { key: adminKey }), await askBySocket(usual)]
    for (const { data, error } of answers) {
      expect(error).toBeNull()
      expect(data.recordHeartbeat).toEqual({ accepted: false, refusal: 'UNKNOWN' })
    }
    // A heartbeat is no way in for anything else.
    for (const query of [
      `mutation { recordHeartbeat(consumerId: "${id}") { accepted } stopStream(id: "${newId('Stream')}") { id } }`,
      unusual,
    ])
      await refusedIn(() => ask(query, { key: adminKey }))
    const page = await (await get('/metrics')).text()
    expect(page).toMatch(/vas_api_rate_limited_total\{by="project"\} [1-9]/)
    socket.terminate()
  })
})

describe('what pages of another origin can do', () => {
  const mutation = `mutation { deleteStream(id: "${newId('Stream')}") { deletedId } }`
  const json = JSON.stringify({ query: mutation })

  /** As a browser would send them without asking first. */
  const shapes: Record<string, () => Promise<Response>> = {
    'a mutation by GET': () =>
      get(`/graphql?query=${encodeURIComponent(mutation)}`, { from: newAddress(), headers: { origin: foreign } }),
    'a form': () => post('application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`),
    'a form of parts': () =>
      post(
        'multipart/form-data; boundary=x',
        `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${mutation}\r\n--x--`,
      ),
    'plain text': () => post('text/plain', json),
    'no content type': () => post(null, json),
    'a query by GET': () =>
      get('/graphql?query={viewer{scopes}}', { from: newAddress(), headers: { origin: foreign } }),
  }
  const post = (type: string | null, body: string) =>
    fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { ...given({ from: newAddress() }), origin: foreign, ...(type ? { 'content-type': type } : {}) },
      // A string would bring a type of its own.
      body: new TextEncoder().encode(body),
    })

  test.each(Object.keys(shapes))('%s is refused, and nothing of the answer can be read', async (shape) => {
    const response = await shapes[shape]!()
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(((await response.json()) as { code: string }).code).toBe('FORBIDDEN')
  })

  test('the same shapes without an origin are refused too, but for a query that is read', async () => {
    const { status } = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { ...given({ from: newAddress() }), 'content-type': 'text/plain' },
      body: json,
    })
    expect(status).toBe(415)
    const byGet = await get(`/graphql?query=${encodeURIComponent(mutation)}`, {
      from: newAddress(),
      headers: { accept: 'application/json' },
    })
    expect(byGet.status).toBe(405)
    const image = await get('/graphql?query={viewer{scopes}}', {
      from: newAddress(),
      headers: { 'sec-fetch-mode': 'no-cors', accept: 'image/*' },
    })
    expect([400, 406]).toContain(image.status)
  })

  test('preflights of allowed origins are answered, of others not', async () => {
    const preflight = (origin: string) =>
      fetch(`${weir.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      })
    const good = await preflight(allowed)
    expect(good.status).toBe(204)
    expect(good.headers.get('access-control-allow-origin')).toBe(allowed)
    expect(good.headers.get('access-control-allow-headers')).toMatch(/authorization/i)
    expect(good.headers.get('access-control-allow-credentials')).toBeNull()
    expect(good.headers.get('vary')).toMatch(/origin/i)
    for (const origin of [foreign, 'null', `${allowed}.evil.example`, 'http://video.example.com']) {
      const refused = await preflight(origin)
      expect(refused.headers.get('access-control-allow-origin'), origin).toBeNull()
      expect(refused.headers.get('access-control-allow-methods'), origin).toBeNull()
      expect(refused.headers.get('vary'), origin).toMatch(/origin/i)
    }
  })

  test('an allowed origin may ask and read, our own as well', async () => {
    for (const origin of [allowed, 'https://weir.example.com', weir.url]) {
      const answer = await ask('{ viewer { scopes } }', { from: newAddress(), headers: { origin } })
      expect(answer.error, origin).toBeNull()
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/RateLimit/)
      expect(answer.headers.get('vary')).toMatch(/origin/i)
    }
  })

  test('heartbeats of a page go by the same rule', async () => {
    const beat = (origin: string) =>
      ask(`mutation { recordHeartbeat(consumerId: "${newId('Consumer')}") { accepted } }`, {
        key: adminKey,
        headers: { origin },
      })
    expect((await beat(allowed)).headers.get('access-control-allow-origin')).toBe(allowed)
    const refused = await beat(foreign)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('a WebSocket of a page is let in where the page is', async () => {
    expect(await upgrade({ origin: foreign })).toBe(403)
    expect(await upgrade({ origin: 'null' })).toBe(403)
    expect(await upgrade({ origin: allowed })).toBe(101)
    expect(await upgrade({ origin: weir.url })).toBe(101)
    expect(await upgrade({})).toBe(101)
  })

  test('media is for players on any page', async () => {
    for (const path of [`/hls/${newId('Stream')}/index.m3u8`, `/whep/${newId('Stream')}`]) {
      const response = await get(path, { headers: { origin: foreign } })
      expect(response.headers.get('access-control-allow-origin'), path).toBe('*')
      expect(response.headers.get('access-control-allow-credentials'), path).toBeNull()
    }
  })
})

describe('headers and metrics', () => {
  test('every answer says what browsers may do with it', async () => {
    for (const path of ['/', '/graphql', '/health', '/nothing', '/hls/x/index.m3u8', '/metrics', '/assets/none.js']) {
      const { headers } = await get(path, { from: newAddress() })
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('content-security-policy'), path).toMatch(/^default-src 'none'/)
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin')
      expect(headers.get('permissions-policy'), path).toMatch(/camera=\(\)/)
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('strict-transport-security'), path).toBe('max-age=15552000')
    }
    const beat = await ask(`mutation { recordHeartbeat(consumerId: "${newId('Consumer')}") { accepted } }`, {
      key: adminKey,
    })
    expect(beat.headers.get('strict-transport-security')).toBe('max-age=15552000')
  })

  test('the metrics are open near by, and to the operator from anywhere', async () => {
    expect((await get('/metrics')).status).toBe(200)
    expect((await get('/v2/metrics', { from: '10.1.2.3' })).status).toBe(200)
    expect((await get('/metrics', { from: newAddress() })).status).toBe(401)
    expect((await get('/v2/metrics', { from: newAddress() })).status).toBe(401)
    expect((await get('/metrics', { from: newAddress(), key: adminKey })).status).toBe(200)
    // A proxy that does not say who it asks for.
    expect((await get('/metrics', { headers: { forwarded: 'for=192.0.2.1' } })).status).toBe(401)
    expect((await get('/metrics', { headers: { 'x-forwarded-for': 'unknown' } })).status).toBe(401)
  })
})
