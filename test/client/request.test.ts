import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClient, document, WeirError } from '../../src/client/index.ts'
import { retryDelayMs, retryLimits } from '../../src/client/retry.ts'

const Viewer = document<{ viewer: { scopes: string[] } }>('{ viewer { scopes } }')
const Create = document<{ createStream: object }, { key: string | null }>(
  'mutation($key: String) { createStream(input: {}, idempotencyKey: $key) { id } }',
)

/** A client whose server answers like this, one after the other; the last again and again. */
function clientOf(...answers: (Response | Error)[]) {
  const asked: RequestInit[] = []
  const client = createClient({
    url: 'http://weir.test',
    key: 'weir_key',
    fetch: async (_url, init) => {
      const answer = answers[Math.min(asked.push(init!) - 1, answers.length - 1)]!
      if (answer instanceof Error) throw answer
      return answer.clone()
    },
  })
  return { client, asked }
}
const ok = (data: object) => Response.json({ data })
const refused = (extensions: object, headers = {}) =>
  Response.json({ errors: [{ message: 'no', extensions }] }, { status: 400, headers })
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as WeirError,
  )

describe('request', () => {
  test('asks by POST with the key, and gives the data', async () => {
    const { client, asked } = clientOf(ok({ viewer: { scopes: ['READ'] } }))
    expect(await client.request(Viewer)).toEqual({ viewer: { scopes: ['READ'] } })
    expect(asked[0]!.headers).toMatchObject({ Authorization: 'Bearer weir_key' })
    expect(JSON.parse(asked[0]!.body as string)).toEqual({ query: '{ viewer { scopes } }', variables: {} })
  })

  test('an error has its code, fields, patience and request id', async () => {
    const fields = [{ path: 'input.name', message: 'too long' }]
    const { client, asked } = clientOf(refused({ code: 'BAD_USER_INPUT', fields, requestId: 'r1' }))
    const error = await failure(client.request(Viewer))
    expect(error).toBeInstanceOf(WeirError)
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'no',
      fields,
      requestId: 'r1',
      retryAfterSeconds: null,
    })
    expect(asked.length).toBe(1)
  })

  test('a query is asked again when the server is away, limited, or says so by a header', async () => {
    const away = clientOf(new TypeError('fetch failed'), ok({ viewer: { scopes: [] } }))
    expect(await away.client.request(Viewer)).toEqual({ viewer: { scopes: [] } })
    expect(away.asked.length).toBe(2)
    const limited = clientOf(refused({ code: 'RATE_LIMITED', retryAfterSeconds: 0.01 }), ok({ viewer: { scopes: [] } }))
    await limited.client.request(Viewer)
    expect(limited.asked.length).toBe(2)
    const patient = clientOf(refused({ code: 'UNAVAILABLE' }, { 'Retry-After': '3600' }))
    expect(await failure(patient.client.request(Viewer))).toMatchObject({ retryAfterSeconds: 3600 })
    expect(patient.asked.length).toBe(1)
  })

  test('a mutation only with its idempotency key, and as the same', async () => {
    const away = () => clientOf(new TypeError('fetch failed'), ok({ createStream: {} }))
    const bare = away()
    expect(await failure(bare.client.request(Create, { key: null }))).toMatchObject({ code: 'UNAVAILABLE' })
    expect(bare.asked.length).toBe(1)
    const keyed = away()
    await keyed.client.request(Create, { key: 'once' })
    expect(keyed.asked.map(({ body }) => body)).toEqual([keyed.asked[0]!.body, keyed.asked[0]!.body])
  })

  test("an abort is the caller's own, and ends the wait", async () => {
    const { client, asked } = clientOf(new TypeError('fetch failed'))
    const stop = new AbortController()
    const asking = failure(client.request(Viewer, {}, { signal: stop.signal, retry: { maxRetries: 100 } }))
    stop.abort(new Error('enough'))
    expect(await asking).toMatchObject({ message: 'enough' })
    expect(asked.length).toBeLessThan(3)
  })

  test('what is no answer of GraphQL is told so', async () => {
    const page = new Response('<html>', { status: 502 })
    expect(await failure(clientOf(page).client.request(Viewer, {}, { retry: { maxRetries: 0 } }))).toMatchObject({
      code: 'UNAVAILABLE',
    })
    expect(await failure(clientOf(Response.json({})).client.request(Viewer))).toMatchObject({ code: 'INTERNAL' })
  })
})

test("retries are bounded, never before the server's time, never beyond our patience", () => {
  const error = fc
    .record({ code: fc.constantFrom('UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL'), asked: fc.option(fc.nat(60)) })
    .map(({ code, asked }) => new WeirError(code as 'INTERNAL', '', asked === null ? {} : { retryAfterSeconds: asked }))
  fc.assert(
    fc.property(
      error,
      fc.nat(10),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (error, retries, safe, random) => {
        const delayMs = retryDelayMs(error, retries, safe, random)
        if (!safe || error.code === 'INTERNAL' || retries >= retryLimits.maxRetries) return delayMs === null
        const askedMs = (error.retryAfterSeconds ?? 0) * 1000
        if (askedMs > retryLimits.maxWaitMs) return delayMs === null
        return delayMs !== null && delayMs >= askedMs && delayMs <= retryLimits.maxWaitMs * 1.25
      },
    ),
  )
})
