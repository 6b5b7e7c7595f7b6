import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { type ConnectionTerms, heartbeatConnections } from '../../src/http/heartbeat-connections.ts'
import type { PlannedAnswer } from '../../src/http/heartbeat-plan.ts'
import { type HttpServer, type ServerOptions, startServer } from '../../src/http/server.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'

/** Bodies with "later" are answered by what a test says; the others at once. */
const later: PromiseWithResolvers<PlannedAnswer | null>[] = []
/** How many bodies with "large" have been answered. */
let large = 0
const largeText = 'x'.repeat(100_000)
let asked = Promise.withResolvers<void>()

const reader = heartbeatConnections({
  findPlan: (query) => ({
    endpoint: 'recordHeartbeat',
    answer() {
      if (query === 'large') {
        large += 1
        return { text: largeText, token: null }
      }
      if (query !== 'later') return query === 'null' ? null : { text: `{"asked":"${query}"}`, token: null }
      const answer = Promise.withResolvers<PlannedAnswer | null>()
      later.push(answer)
      asked.resolve()
      return answer.promise
    },
  }),
  heartbeats: null as never,
  log: silentLogger,
  newRequestId: () => 'request-1',
  authenticate: async () => null,
  anonymous: () => ({ projectId: null, scopes: [], actor: { kind: 'ANONYMOUS', name: null } }) as never,
  readSessionToken: () => ({ consumerId: 'c', streamId: 's', projectId: 'p', expiresAt: Number.POSITIVE_INFINITY }),
})
const routes = new Hono().post('/graphql', async (context) => context.text(`usual: ${await context.req.text()}`))
const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
  later.length = 0
  asked = Promise.withResolvers()
})

async function start(options: Partial<ServerOptions> = {}): Promise<HttpServer> {
  const common = { host: '127.0.0.1', port: 0, logger: silentLogger, routes: [routes] }
  const server = await startServer({ ...common, readFirst: reader, ...options })
  ending.push(() => server.close(0))
  return server
}

async function connected({ port }: HttpServer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).on('error', () => {})
  ending.push(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

function heartbeat(query: string, extra = ''): string {
  const body = JSON.stringify({ query })
  return `POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer weir_s_x\r\n${extra}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** What comes until these words have. */
async function until(socket: Socket, words: string): Promise<string> {
  let received = ''
  while (!received.includes(words)) received += String((await once(socket, 'data'))[0])
  return received
}

describe('a connection', () => {
  it('that says nothing is told so and ended', async () => {
    const socket = await connected(await start({ headersTimeoutMs: 50 }))
    expect(await textOf(socket)).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
  })

  it('that says half of a head goes by the timeouts of node:http', async () => {
    const socket = await connected(await start({ headersTimeoutMs: 50 }))
    socket.write('POST /graphql HTTP/1.1\r\nHost: h\r\nX-Slow')
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('that has been answered is ended when it is silent for longer than it was told', async () => {
    const readFirst = (socket: Socket, terms: ConnectionTerms) => reader(socket, { ...terms, keepAliveMs: -950 })
    const socket = await connected(await start({ readFirst }))
    const closed = once(socket, 'close')
    socket.write(heartbeat('first'))
    expect(await until(socket, '{"asked":"first"}')).toContain('Connection: keep-alive\r\n')
    await closed
  })

  it('that its client ends is ended, the answer before', async () => {
    const socket = await connected(await start())
    socket.end(heartbeat('last'))
    expect(await textOf(socket)).toMatch(/{"asked":"last"}$/)
  })

  it('is answered in order where an answer takes its time', async () => {
    const server = await start()
    const [socket, other] = [await connected(server), await connected(server)]
    socket.write(heartbeat('later'))
    await asked.promise
    for (const name of ['second', 'null']) {
      socket.write(heartbeat(name))
      // By the time that this one is back, that one has arrived.
      other.write(heartbeat('meanwhile'))
      await until(other, '{"asked":"meanwhile"}')
    }
    later[0]!.resolve({ text: '"late"', token: null })
    const answers = await until(socket, 'usual: {"query":"null"}')
    expect(answers.match(/"late"|second|null/g)).toEqual(['"late"', 'second', 'null'])
  })

  it('goes the usual way, with what came meanwhile, where a late answer turns out to be none', async () => {
    for (const end of ['null', 'failure']) {
      const socket = await connected(await start())
      socket.write(heartbeat('later'))
      await asked.promise
      socket.write(heartbeat('second'))
      if (end === 'null') later[0]!.resolve(null)
      else later[0]!.reject(new Error('the database is away'))
      const answers = await until(socket, 'usual: {"query":"second"}')
      expect(answers).toContain('usual: {"query":"later"}')
      later.length = 0
      asked = Promise.withResolvers()
    }
  })

  it("may be that of Node.js's own client", async () => {
    const { port } = await start()
    for (const query of ['first', 'second']) {
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer weir_s_x' },
        body: JSON.stringify({ query }),
      })
      expect(await answer.json()).toEqual({ asked: query })
    }
  })

  it('may be gone when its answer comes', async () => {
    const server = await start()
    for (const answer of [null, { text: '"late"', token: null }]) {
      const socket = await connected(server)
      socket.write(heartbeat('later'))
      await asked.promise
      asked = Promise.withResolvers()
      socket.resetAndDestroy()
      later.pop()!.resolve(answer)
    }
    const socket = await connected(server)
    socket.write(heartbeat('on'))
    await until(socket, '{"asked":"on"}')
  })

  it('whose client reads nothing is not read either, until it does', async () => {
    let own: Socket | undefined
    const readFirst = (socket: Socket, terms: ConnectionTerms) => {
      own = socket
      reader(socket, terms)
    }
    const socket = await connected(await start({ readFirst }))
    socket.pause()
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    let sent = 0
    for (; sent < 500 && !own?.isPaused(); sent++) {
      const before = large
      socket.write(heartbeat('large'))
      while (large === before) await turn()
    }
    // The kernel has taken some megabytes; then it is one answer that waits.
    expect(own!.isPaused()).toBe(true)
    expect(own!.writableLength).toBeLessThan(3 * largeText.length)
    socket.write(heartbeat('on'))
    socket.resume()
    const received = await until(socket, '{"asked":"on"}')
    expect(received.split(largeText)).toHaveLength(sent + 1)
  })
})

describe('close', () => {
  it('ends connections that wait for nothing, and takes no new one', async () => {
    const server = await start()
    const socket = await connected(server)
    const silent = await connected(server)
    socket.write(heartbeat('first'))
    await until(socket, '{"asked":"first"}')
    await server.close(60_000)
    silent.destroy()
  })

  it('lets an answer that is under way go out, by whichever way', async () => {
    for (const answer of [{ text: '"late"', token: null }, null]) {
      const server = await start()
      const socket = await connected(server)
      socket.write(heartbeat('later'))
      await asked.promise
      asked = Promise.withResolvers()
      const closed = server.close(60_000)
      const received = textOf(socket)
      later.pop()!.resolve(answer)
      expect(await received).toContain(answer ? '"late"' : 'usual: {"query":"later"}')
      await closed
    }
  })
})
