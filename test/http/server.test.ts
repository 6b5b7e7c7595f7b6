import { Agent, get, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { WeirError } from '../../src/errors.ts'
import type { RouteEnv } from '../../src/http/app.ts'
import { ListenError } from '../../src/http/listen-error.ts'
import { metricsRoutes } from '../../src/http/metrics.ts'
import { type HttpServer, type ServerOptions, startServer } from '../../src/http/server.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'

const servers: HttpServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)))
})

async function start(options: Partial<ServerOptions> = {}): Promise<HttpServer & { url: string }> {
  const server = await startServer({ host: '127.0.0.1', port: 0, routes: [], logger: silentLogger, ...options })
  servers.push(server)
  return { ...server, url: `http://127.0.0.1:${server.port}` }
}

/** Something that a test waits for. */
function signal<T = void>() {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const routes = new Hono()
  .get('/ok', (context) => context.json({ ok: true }))
  .get('/response', () => new Response('plain', { headers: { 'X-Frame-Options': 'DENY' } }))
  .get('/refused', () => {
    throw new WeirError('RATE_LIMITED', 'Slowly.', { retryAfterSeconds: 1.5 })
  })
  .get('/secret', () => {
    throw new WeirError('UNAUTHENTICATED', 'Who?')
  })
  .get('/broken', () => {
    throw new Error('postgres://weir:s3cret@db')
  })
  .post('/echo', async (context) => context.text(String((await context.req.arrayBuffer()).byteLength)))

describe('every answer', () => {
  it('has a request id and the default headers, also one of a Response of its own', async () => {
    const { url } = await start({ routes: [routes], newRequestId: () => 'id-1' })
    for (const path of ['/ok', '/response', '/refused', '/broken', '/nothing']) {
      const { headers } = await fetch(url + path)
      expect(headers.get('x-request-id'), path).toBe('id-1')
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
    }
  })

  it('leaves a header to the route that sets it', async () => {
    const { url } = await start({ routes: [routes] })
    expect((await fetch(`${url}/ok`)).headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect((await fetch(`${url}/response`)).headers.get('x-frame-options')).toBe('DENY')
  })

  it("keeps a caller's request id where it is a plain one", async () => {
    const { url } = await start({ routes: [routes], newRequestId: () => 'made' })
    const idFor = async (id: string) =>
      (await fetch(`${url}/ok`, { headers: { 'X-Request-Id': id } })).headers.get('x-request-id')
    expect(await idFor('abc-1.2:3')).toBe('abc-1.2:3')
    expect(await idFor('a b')).toBe('made')
    expect(await idFor('x'.repeat(129))).toBe('made')
  })

  it('is in the access log at debug, without its query', async () => {
    const lines: [object, string][] = []
    const logger = { ...silentLogger, debug: (context: object, message: string) => lines.push([context, message]) }
    const { url } = await start({
      routes: [routes],
      logger: { ...logger, child: () => logger },
      newRequestId: () => 'id-1',
      now: () => 5,
    })
    await fetch(`${url}/ok?token=abc`)
    expect(lines).toEqual([
      [{ requestId: 'id-1', method: 'GET', path: '/ok', statusCode: 200, durationMs: 0 }, 'Request'],
    ])
  })
})

describe('errors', () => {
  it('of the table come as JSON with the status of the table', async () => {
    const { url } = await start({ routes: [routes], newRequestId: () => 'id-1' })
    const response = await fetch(`${url}/refused`)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(await response.json()).toEqual({
      code: 'RATE_LIMITED',
      message: 'Slowly.',
      retryAfterSeconds: 1.5,
      requestId: 'id-1',
    })
    expect((await fetch(`${url}/secret`)).headers.get('www-authenticate')).toBe('Bearer')
  })

  it('of any other kind are INTERNAL, their text stands in the log alone', async () => {
    const errors: object[] = []
    const logger = { ...silentLogger, error: (context: object) => errors.push(context) }
    const { url } = await start({ routes: [routes], logger: { ...logger, child: () => logger } })
    const response = await fetch(`${url}/broken`)
    const body = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(body)).toMatchObject({ code: 'INTERNAL', requestId: response.headers.get('x-request-id') })
    expect(body).not.toContain('s3cret')
    expect(errors).toMatchObject([{ requestId: response.headers.get('x-request-id'), path: '/broken' }])
  })

  it('for what is not there are typed too', async () => {
    const { url } = await start({ routes: [routes] })
    const response = await fetch(`${url}/nothing`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a body', () => {
  it('may be as large as the limit, declared or not', async () => {
    const { url } = await start({ routes: [routes], maxBodyBytes: 100_000 })
    const size = async (body: BodyInit) =>
      (await fetch(`${url}/echo`, { method: 'POST', body, ...({ duplex: 'half' } as object) })).text()
    expect(await size(Buffer.alloc(100_000))).toBe('100000')
    expect(await size(new Blob([Buffer.alloc(100_000)]).stream())).toBe('100000')
  })

  it('is refused above it, declared or not', async () => {
    const { url } = await start({ routes: [routes], maxBodyBytes: 100_000 })
    for (const body of [Buffer.alloc(100_001), new Blob([Buffer.alloc(100_001)]).stream()]) {
      const response = await fetch(`${url}/echo`, { method: 'POST', body, ...({ duplex: 'half' } as object) })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'BAD_USER_INPUT', message: /100000 bytes/ })
    }
  })
})

describe('listening', () => {
  it('tells of a port that is taken', async () => {
    const { port } = await start()
    await expect(startServer({ host: '127.0.0.1', port, routes: [], logger: silentLogger })).rejects.toThrow(
      new ListenError(
        `PORT ${port} on 127.0.0.1 is taken by another process. Stop that one, or set PORT to another port.`,
      ),
    )
  })

  it('tells of an address that is not ours', async () => {
    await expect(startServer({ host: '192.0.2.1', port: 0, routes: [], logger: silentLogger })).rejects.toThrow(
      /HOST 192\.0\.2\.1 is no address of this machine/,
    )
    await expect(startServer({ host: 'nowhere.invalid', port: 0, routes: [], logger: silentLogger })).rejects.toThrow(
      /HOST nowhere\.invalid is not known/,
    )
  })
})

it('lets no connection wait for the rest of its headers', async () => {
  const server = await start({ routes: [routes], headersTimeoutMs: 100 })
  const socket = await connected(server.port)
  socket.write('GET /ok HTTP/1.1\r\nHost: here\r\nX-Slow')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
})

it('gives a route the request id and the address of its caller', async () => {
  const own = new Hono<RouteEnv>().get('/who', ({ env, get, text }) =>
    text(`${get('requestId')} ${env.incoming.socket.remoteAddress}`),
  )
  const { url } = await start({ routes: [own], newRequestId: () => 'id-1' })
  expect(await (await fetch(`${url}/who`)).text()).toBe('id-1 127.0.0.1')
})

describe('upgrades', () => {
  const sockets = new WebSocketServer({ noServer: true })
  const onUpgrade: ServerOptions['onUpgrade'] = (request, socket, head) => {
    if (request.url !== '/graphql') return false
    sockets.handleUpgrade(request, socket, head, (client) => client.on('message', (data) => client.send(String(data))))
    return true
  }
  const outcome = (url: string) =>
    new Promise<string>((resolve) => {
      const client = new WebSocket(url.replace('http', 'ws'))
      client.once('open', () => client.send('hello'))
      client.once('message', (data) => {
        resolve(String(data))
        client.terminate()
      })
      client.once('error', (error) => resolve(error.message))
    })

  it('go to their handler, others are refused', async () => {
    const { url } = await start({ routes: [routes], onUpgrade })
    expect(await outcome(`${url}/graphql`)).toBe('hello')
    expect(await outcome(`${url}/ok`)).toContain('404')
  })

  it('that are no WebSocket are answered as HTTP/1.1', async () => {
    const { url } = await start({ routes: [routes], onUpgrade })
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${url}/ok`, { headers, agent: false }, resolve).once('error', reject)
    })
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('that throw end their own connection alone', async () => {
    const { url } = await start({
      routes: [routes],
      onUpgrade: () => {
        throw new Error('oops')
      },
    })
    expect(await outcome(`${url}/graphql`)).toContain('500')
    expect((await fetch(`${url}/ok`)).status).toBe(200)
  })
})

describe('close', () => {
  it('lets a running request come to its end and takes no new one', async () => {
    const [arrived, release] = [signal(), signal()]
    const slow = new Hono().get('/slow', async (context) => {
      arrived.resolve()
      await release.promise
      return context.text('done')
    })
    const server = await start({ routes: [slow] })
    const agent = new Agent({ keepAlive: true })
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      get(`${server.url}/slow`, { agent }, resolve).once('error', reject)
    })
    await arrived.promise
    const closed = server.close(60_000)
    await expect(fetch(`${server.url}/slow`)).rejects.toThrow()
    release.resolve()
    expect(await text(await answer)).toBe('done')
    await closed
    agent.destroy()
  })

  it('waits for no connection that has nothing to do', async () => {
    const server = await start({ routes: [routes] })
    const agent = new Agent({ keepAlive: true })
    await new Promise<void>((resolve) => {
      get(`${server.url}/ok`, { agent }, (response) => response.resume().once('end', resolve))
    })
    const silent = await connected(server.port)
    await server.close(60_000)
    silent.destroy()
    agent.destroy()
  })

  it('cuts at the deadline what does not end: an endless answer, an upload that stalls, a WebSocket', async () => {
    const [answering, uploading] = [signal(), signal()]
    const endless = new Hono()
      .get('/endless', () => {
        answering.resolve()
        return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))
      })
      .post('/endless', async (context) => {
        uploading.resolve()
        return context.text(await context.req.text())
      })
    const sockets = new WebSocketServer({ noServer: true })
    const server = await start({
      routes: [endless],
      onUpgrade: (request, socket, head) => {
        sockets.handleUpgrade(request, socket, head, () => {})
        return true
      },
    })
    const client = new WebSocket(server.url.replace('http', 'ws'))
    await new Promise((resolve) => client.once('open', resolve))
    const cut = [new Promise((resolve) => client.once('close', resolve))]

    const download = get(`${server.url}/endless`, (response) => response.on('error', () => {}))
    const upload = httpRequest(`${server.url}/endless`, { method: 'POST', headers: { 'Content-Length': '10' } })
    upload.write('half')
    for (const request of [download, upload]) {
      request.on('error', () => {})
      cut.push(new Promise((resolve) => request.once('close', resolve)))
    }
    await Promise.all([answering.promise, uploading.promise])
    await server.close(50)
    await Promise.all(cut)
  })

  it('can be asked for twice', async () => {
    const server = await start()
    expect(server.close()).toBe(server.close())
    await server.close()
  })
})

describe('the metrics page', () => {
  const metrics = { contentType: 'text/plain; version=0.0.4; charset=utf-8', scrape: async () => 'vas_streams 1\n' }

  it.each([
    ['/metrics', ['/metrics', '/v2/metrics'], ['/internal/metrics']],
    ['/internal/metrics', ['/internal/metrics', '/v2/metrics'], ['/metrics']],
    ['/v2/metrics', ['/v2/metrics'], ['/metrics']],
  ])('with METRICS_PATH %s', async (path, there, absent) => {
    const { url } = await start({ routes: [metricsRoutes(metrics, path, async () => {})] })
    for (const route of there) {
      const response = await fetch(url + route)
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(await response.text()).toBe('vas_streams 1\n')
    }
    for (const route of absent) expect((await fetch(url + route)).status).toBe(404)
  })
})

function connected(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.on('error', () => {})
  })
}
