import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Weir } from '../support/weir.ts'

describe('the rules of GraphQL over HTTP, by graphql-http', () => {
  let weir: Weir
  beforeAll(async () => {
    // One of the audits asks for a type.
    weir = await Weir.start({ env: { INTROSPECTION: 'true' } })
  })
  afterAll(() => weir[Symbol.asyncDispose]())

  const audits = serverAudits({ url: () => `${weir.url}/graphql` })
  test('they are all there', () => expect(audits.length).toBeGreaterThanOrEqual(60))
  test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
    const result = await audit.fn()
    expect(result.status === 'ok' ? null : result.reason).toBeNull()
  })
})

/** The checks of graphql-cop (github.com/dolevf/graphql-cop), sent as it sends them, with the finding that each looks for. */
describe('what graphql-cop looks for is not there in production', () => {
  let weir: Weir
  beforeAll(async () => {
    weir = await Weir.start({ env: { NODE_ENV: 'production' } })
  })
  afterAll(() => weir[Symbol.asyncDispose]())

  interface Body {
    data?: Record<string, unknown> | null
    errors?: { message: string; extensions: Record<string, unknown> }[]
  }
  const agent = { 'user-agent': 'graphql-cop/1.14', accept: '*/*' }
  // Not by fetch, which tells how a request came about.
  async function send(init: { method?: string; headers?: Record<string, string>; body?: string; search?: string }) {
    const { default: http } = await import('node:http')
    const { text } = await import('node:stream/consumers')
    const { method = 'GET', headers = {}, body, search = '' } = init
    const request = http.request(`${weir.url}/graphql${search}`, { method, headers: { ...agent, ...headers } })
    const response = new Promise<{ status: number; text: string }>((resolve, reject) => {
      request.once('error', reject)
      request.once('response', (answer) => {
        text(answer).then((got) => resolve({ status: answer.statusCode!, text: got }), reject)
      })
    })
    request.end(body)
    return response
  }
  async function post(body: unknown): Promise<Body> {
    const headers = { 'content-type': 'application/json' }
    return JSON.parse((await send({ method: 'POST', headers, body: JSON.stringify(body) })).text)
  }
  const cop = (query: string) => post({ query, operationName: 'cop' })
  const get = async (query: string) => {
    const { text } = await send({ search: `?query=${encodeURIComponent(query)}` })
    return JSON.parse(text) as Body
  }
  const times = (count: number, make: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => make(n)).join('')

  test('what it asks is answered where it is harmless', async () => {
    expect(await cop('query cop { __typename }')).toEqual({ data: { __typename: 'Query' } })
  })

  test('alias overloading: 101 aliases', async () => {
    const answer = await cop(`query cop { ${times(101, (n) => `alias${n}:__typename \n`)} }`)
    expect(answer.data?.alias100).toBeUndefined()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX' } }])
  })

  test('array-based batching: 10 queries', async () => {
    const answer = await post(
      Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }', operationName: 'cop' })),
    )
    expect(Array.isArray(answer)).toBe(false)
    expect(answer.errors).toHaveLength(1)
  })

  test('directive overloading: 10 of the same', async () => {
    const answer = await cop('query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }')
    expect(answer.errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX' } }])
  })

  test('circular introspection', async () => {
    const answer = await cop(
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
    )
    expect(answer.data?.__schema).toBeUndefined()
    expect(answer.errors).toHaveLength(1)
  })

  test('field duplication: 500 of the same', async () => {
    const answer = await cop(`query cop { ${'__typename \n'.repeat(500)} }`)
    expect(answer.data?.__typename).toBeUndefined()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX' } }])
  })

  test('field suggestions', async () => {
    for (const query of [
      'query cop { __schema { directive } }',
      'query cop { streem { id } }',
      'query cop { viewer { scope } }',
    ]) {
      const answer = await cop(query)
      expect(answer.errors).toHaveLength(1)
      expect(JSON.stringify(answer)).not.toMatch(/did you mean/i)
    }
  })

  test('mutation by GET', async () => {
    const answer = await get('mutation cop {__typename}')
    expect(answer.data).toBeUndefined()
    expect(answer.errors).toHaveLength(1)
  })

  test('query by a GET that any link could be', async () => {
    const answer = await get('query cop {__typename}')
    expect(answer.data).toBeUndefined()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  test('GraphiQL and other playgrounds', async () => {
    for (const accept of ['text/html', 'text/html,application/xhtml+xml,*/*;q=0.8']) {
      const { text } = await send({ headers: { accept } })
      expect(text).not.toMatch(/graphiql\.min\.css|GraphQL Playground|GraphiQL|graphql-playground/)
    }
  })

  test('introspection', async () => {
    const answer = await cop('query cop { __schema { types { name fields { name } } } }')
    expect(answer.data?.__schema).toBeUndefined()
    expect(answer.errors).toHaveLength(1)
  })

  test.each([
    ['application/x-www-form-urlencoded', 'query=query+cop+%7B+__typename+%7D'],
    ['text/plain', '{"query":"query cop { __typename }"}'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\nquery cop { __typename }\r\n--x--',
    ],
  ])('a form or text by POST: %s', async (type, body) => {
    const { status, text } = await send({ method: 'POST', headers: { 'content-type': type }, body })
    expect(status).toBe(415)
    expect((JSON.parse(text) as Body).data).toBeUndefined()
  })

  test('trace mode', async () => {
    expect(JSON.stringify(await cop('query cop { __typename }'))).not.toMatch(/tracing/i)
  })

  test('errors that show the inside', async () => {
    const answer = await cop('qwerty cop { abc }')
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(JSON.stringify(answer)).not.toMatch(/exception|stacktrace|node_modules|\.ts:|\.js:/i)
  })
})
