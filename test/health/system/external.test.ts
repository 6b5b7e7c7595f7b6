import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { externalCheck } from '../../../src/health/system/checks/external.ts'
import {
  addressOf,
  type ExternalTarget,
  externalTargets,
  maxExternalChecks,
  parseExternalChecks,
} from '../../../src/health/system/external-checks.ts'
import { freeTcpPort } from '../../support/free-ports.ts'
import { type RtmpServer, startRtmpServer } from '../../support/rtmp-server.ts'
import { WebServer } from '../../support/web-server.ts'

let web: WebServer
let rtmp: RtmpServer
let closedPort: number
const headers: Record<string, string | string[] | undefined>[] = []
beforeAll(async () => {
  ;[rtmp, closedPort] = await Promise.all([startRtmpServer(), freeTcpPort()])
  web = await WebServer.start((request, response) => {
    headers.push(request.headers)
    if (request.url === '/hang') return
    const status = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 200)
    response.writeHead(status, status === 302 ? { location: '/500' } : {}).end('x'.repeat(100_000))
  })
})
afterAll(async () => {
  await web[Symbol.asyncDispose]()
  await rtmp[Symbol.asyncDispose]()
})

const look = (target: string | ExternalTarget, signal = new AbortController().signal) =>
  externalCheck(typeof target === 'string' ? { name: 'x', url: target } : target).check(signal)

describe('an HTTP address', () => {
  it.each([
    [200, 'HEALTHY'],
    [204, 'HEALTHY'],
    [302, 'HEALTHY'],
    [401, 'CRITICAL'],
    [404, 'CRITICAL'],
    [503, 'CRITICAL'],
  ])('that answers with %s is %s', async (httpStatus, status) => {
    expect(await look(web.url(`/${httpStatus}`))).toMatchObject({ status, details: { httpStatus } })
  })

  it('is given its credentials, and they are told to nobody', async () => {
    const url = web.url('/200?token=s3cret').replace('http://', 'http://weir:hunter%202@')
    const found = await look({ name: 'x', url, headers: { 'X-API-Key': 'k3y' } })
    expect(found.status).toBe('HEALTHY')
    expect(headers.at(-1)).toMatchObject({ authorization: `Basic ${btoa('weir:hunter 2')}`, 'x-api-key': 'k3y' })
    expect(JSON.stringify(found)).not.toMatch(/hunter|s3cret|k3y/)
  })

  it('that is not there is critical, without its path and credentials', async () => {
    const found = await look(`http://weir:hunter2@127.0.0.1:${closedPort}/secret-path?token=s3cret`)
    expect(found).toMatchObject({ status: 'CRITICAL', message: 'It does not answer.' })
    expect(found.details.target).toBe(`http://127.0.0.1:${closedPort}`)
    expect(JSON.stringify(found)).not.toMatch(/hunter2|s3cret|secret-path/)
  })

  it('that says nothing is let go when nobody waits for it any more', async () => {
    const controller = new AbortController()
    const found = look(web.url('/hang'), controller.signal)
    controller.abort()
    expect(await found).toMatchObject({ status: 'CRITICAL' })
  })
})

describe('a TCP port', () => {
  it('that is open is healthy, one that is closed is critical', async () => {
    expect(await look(`tcp://127.0.0.1:${web.port}`)).toMatchObject({ status: 'HEALTHY' })
    expect(await look(`tcp://127.0.0.1:${closedPort}`)).toMatchObject({ status: 'CRITICAL' })
  })
})

describe('an RTMP server', () => {
  it('that greets is healthy, and its stream key is told to nobody', async () => {
    const found = await look(`rtmp://127.0.0.1:${rtmp.port}/live/s3cret`)
    expect(found).toMatchObject({ status: 'HEALTHY', details: { target: `rtmp://127.0.0.1:${rtmp.port}` } })
  })

  it('that speaks something else is critical', async () => {
    const talker = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    talker.listen(0, '127.0.0.1')
    await once(talker, 'listening')
    const { port } = talker.address() as AddressInfo
    expect(await look(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({
      status: 'CRITICAL',
      details: { error: 'what came is no RTMP greeting' },
    })
    talker.close()
  })

  it('that closes in the middle of its greeting is critical', async () => {
    const closer = createServer((socket) => socket.on('error', () => {}).end(Buffer.from([3, 0, 0])))
    closer.listen(0, '127.0.0.1')
    await once(closer, 'listening')
    const { port } = closer.address() as AddressInfo
    expect(await look(`rtmp://127.0.0.1:${port}/live`)).toMatchObject({ status: 'CRITICAL' })
    closer.close()
  })

  it('that says nothing is let go when nobody waits for it any more', async () => {
    const closed: Promise<unknown>[] = []
    const silent = createServer((socket) => {
      closed.push(
        once(
          socket.on('error', () => {}),
          'close',
        ),
      )
      socket.resume()
    })
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const controller = new AbortController()
    const found = look(`rtmp://127.0.0.1:${(silent.address() as AddressInfo).port}/live`, controller.signal)
    await once(silent, 'connection')
    controller.abort()
    expect(await found).toMatchObject({ status: 'CRITICAL' })
    await Promise.all(closed)
    silent.close()
  })
})

describe('EXTERNAL_CHECKS', () => {
  const names = fc.stringMatching(/^[a-z][\w.-]{0,20}$/)
  const urls = fc.oneof(
    // A comma at the end is for what comes next.
    fc.webUrl({ withQueryParameters: true }).filter((url) => !url.endsWith(',')),
    fc.nat({ max: 65_000 }).map((port) => `tcp://host.test:${port + 1}`),
    fc.stringMatching(/^[a-z]{1,8}$/).map((app) => `rtmp://host.test/${app}`),
  )
  const targets = fc.uniqueArray(fc.record({ name: names, url: urls }), {
    maxLength: maxExternalChecks,
    minLength: 1,
    selector: ({ name }) => name,
  })

  it('is read however it is separated', () => {
    fc.assert(
      fc.property(targets, fc.constantFrom(',', ' ', ', ', '\n', ' ,\n'), (expected, between) => {
        const text = expected.map(({ name, url }) => `${name}=${url}`).join(between)
        expect(parseExternalChecks(text)).toEqual(expected)
      }),
    )
  })

  it.each([
    'http://host.test',
    'a=',
    'a=ftp://host.test',
    'a=tcp://host.test',
    'a=http://',
    'a=http://x.test, a=http://y.test',
    'a b=http://x.test',
    Array.from({ length: maxExternalChecks + 1 }, (_, index) => `n${index}=http://x.test`).join(' '),
  ])('%s is refused', (text) => {
    expect(parseExternalChecks(text)).toBeNull()
  })

  it('has an RTMP server at 1935 where no port is named, and knows IPv6', () => {
    expect(addressOf('rtmp://host.test/live')).toEqual({ host: 'host.test', port: 1935, tls: false })
    expect(addressOf('rtmps://[::1]:444/live')).toEqual({ host: '::1', port: 444, tls: true })
  })

  it('stands beside AzuraCast and the RTMP endpoint, and may name them anew', () => {
    const settings = {
      azuracastUrl: 'https://radio.test/',
      azuracastApiKey: 'k3y',
      rtmpEndpoint: 'rtmp://relay.test/live',
      externalChecks: [{ name: 'rtmp', url: 'tcp://relay.test:1935' }],
    }
    expect(externalTargets(settings)).toEqual([
      { name: 'azuracast', url: 'https://radio.test/api/status', headers: { 'X-API-Key': 'k3y' } },
      { name: 'rtmp', url: 'tcp://relay.test:1935' },
    ])
    expect(
      externalTargets({ azuracastUrl: null, azuracastApiKey: 'x', rtmpEndpoint: null, externalChecks: null }),
    ).toEqual([])
  })
})
