import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createJwks } from '../../src/projects/jwks.ts'
import { createJwtReader } from '../../src/projects/jwt.ts'
import { isJwt } from '../../src/projects/jwt-claims.ts'

/** The issuer: a JWKS on loopback. */
let server: Server
let url: string
let answer: () => { status?: number; body: string }
let asked = 0

type Pair = Awaited<ReturnType<typeof generateKeyPair>> & { kid: string; alg: string }
let rsa: Pair
let ec: Pair
let ed: Pair
let newer: Pair

const projectId = newId('Project')
const start = Date.UTC(2026, 0, 1)
let now = start
let monotonic = 0

const pair = async (alg: string, kid: string): Promise<Pair> => ({ ...(await generateKeyPair(alg)), kid, alg })
const jwk = async ({ publicKey, kid, alg }: Pair): Promise<JWK> => ({ ...(await exportJWK(publicKey)), kid, alg })
const publish = async (...pairs: Pair[]) => {
  const body = JSON.stringify({ keys: await Promise.all(pairs.map(jwk)) })
  answer = () => ({ body })
}

beforeAll(async () => {
  ;[rsa, ec, ed, newer] = await Promise.all([
    pair('RS256', 'rsa'),
    pair('ES256', 'ec'),
    pair('EdDSA', 'ed'),
    pair('ES256', 'newer'),
  ])
  server = createServer((_, response) => {
    asked += 1
    const { status = 200, body } = answer()
    response.writeHead(status, status === 302 ? { location: body } : {}).end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
})
afterAll(() => server.close())
beforeEach(async () => {
  now = start
  monotonic = 0
  asked = 0
  await publish(rsa, ec, ed)
})

const reader = () =>
  createJwtReader({
    keys: createJwks({ url, fetch, monotonic: () => monotonic, logger: silentLogger }),
    issuer: 'https://issuer.test',
    audience: 'weir',
    hasProject: (id) => id === projectId,
    now: () => now,
  })

const good = () => ({
  iss: 'https://issuer.test',
  aud: 'weir',
  sub: 'ada',
  exp: start / 1000 + 600,
  weir_project: projectId as unknown,
  scope: 'openid READ weir:PLAY read weir:nothing' as unknown,
})
const sign = (claims: object, { privateKey, kid, alg }: Pair = rsa, header: object = {}) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey)

test.each(['RS256', 'ES256', 'EdDSA'])('a good token by %s is its project, its scopes and its subject', async (alg) => {
  const by = [rsa, ec, ed].find((each) => each.alg === alg)!
  const token = await sign(good(), by)
  expect(isJwt(token)).toBe(true)
  expect(await reader()(token)).toEqual({
    projectId,
    scopes: ['READ', 'PLAY'],
    actor: { kind: 'JWT', name: 'ada' },
    goodUntil: start + 600_000,
  })
})

test('scopes may be a list of their own, and there may be none', async () => {
  const read = reader()
  const own = await sign({ ...good(), scope: undefined, weir_scopes: ['ADMIN', 7, 'weir:WRITE'] })
  expect(await read(own)).toMatchObject({ scopes: ['WRITE', 'ADMIN'] })
  expect(await read(await sign({ ...good(), scope: undefined }))).toMatchObject({ scopes: [] })
})

test.each([
  ['that has expired', { exp: start / 1000 - 31 }],
  ['without an end', { exp: undefined }],
  ['that is not good yet', { nbf: start / 1000 + 31 }],
  ['of another issuer', { iss: 'https://other.test' }],
  ['of no issuer', { iss: undefined }],
  ['for somebody else', { aud: 'other' }],
  ['for nobody', { aud: undefined }],
  ['without a project', { weir_project: undefined }],
  ['of a project that is not there', { weir_project: newId('Project') }],
  ['whose project is no id', { weir_project: [projectId] }],
])('a token %s is none', async (_, claims) => {
  expect(await reader()(await sign({ ...good(), ...claims }))).toBeNull()
})

test('within 30 s of its end, and of its beginning, it is taken', async () => {
  const read = reader()
  expect(await read(await sign({ ...good(), exp: start / 1000 - 29 }))).not.toBeNull()
  expect(await read(await sign({ ...good(), nbf: start / 1000 + 29 }))).not.toBeNull()
})

test('no other algorithm: none, HS256 with the public key for secret, a key of another, an algorithm that is not its own', async () => {
  const read = reader()
  const none = new UnsecuredJWT({ ...good(), exp: start / 1000 + 600 }).encode()
  expect(await read(none)).toBeNull()
  expect(await read(`${none}AAAA`)).toBeNull()
  const secret = new TextEncoder().encode(JSON.stringify(await jwk(rsa)))
  const confused = await new SignJWT(good() as never).setProtectedHeader({ alg: 'HS256', kid: 'rsa' }).sign(secret)
  expect(await read(confused)).toBeNull()
  expect(await read(await sign(good(), newer, { kid: 'ec' }))).toBeNull()
  const [header, payload] = (await sign(good())).split('.')
  const forged = (await sign({ ...good(), scope: 'ADMIN' })).split('.')
  expect(await read(`${header}.${forged[1]}.${(await sign(good())).split('.')[2]}`)).toBeNull()
  expect(await read(`${header}.${payload}.`)).toBeNull()
  expect(await read(`eyJ${'a'.repeat(9000)}.a.a`)).toBeNull()
})

test('a key that is new is found by asking again, at most once in 30 s', async () => {
  const read = reader()
  expect(await read(await sign(good()))).not.toBeNull()
  await publish(newer)
  const token = await sign(good(), newer)
  for (let i = 0; i < 20; i++) expect(await read(token)).toBeNull()
  expect(asked).toBe(1)
  monotonic += 30_000
  const tokens = await Promise.all(Array.from({ length: 20 }, () => read(token)))
  expect(tokens.every((caller) => caller !== null)).toBe(true)
  expect(asked).toBe(2)
  // That of old is gone with it.
  expect(await read(await sign(good()))).toBeNull()
})

test('while the issuer is away its last keys are good for an hour, and then nothing is known', async () => {
  const read = reader()
  const token = await sign(good())
  expect(await read(token)).not.toBeNull()
  answer = () => ({ status: 503, body: '' })
  monotonic = 3_599_999
  expect(await read(token)).not.toBeNull()
  monotonic = 3_700_000
  await expect(read(token)).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { retryAfterSeconds: 30 } })
  await publish(rsa)
  monotonic += 30_000
  expect(await read(token)).not.toBeNull()
})

test.each([
  ['is too large', () => ({ body: `{"keys":[],"more":"${'x'.repeat(300_000)}"}` })],
  [
    'has too many keys',
    () => ({ body: JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: 'oct' })) }) }),
  ],
  ['is no JSON', () => ({ body: '<html>' })],
  ['is no JWKS', () => ({ body: '[]' })],
  ['leads elsewhere', () => ({ status: 302, body: url })],
])('an answer that %s is none, and nobody is asked twice for it', async (_, given) => {
  answer = given
  const read = reader()
  const token = await sign(good())
  for (let i = 0; i < 5; i++) await expect(read(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(asked).toBe(1)
})
