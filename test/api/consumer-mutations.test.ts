import { beforeEach, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { OpenConsumerInput } from '../../src/client/generated/graphql.ts'
import { newId } from '../../src/ids.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

const OpenSession = graphql(/* GraphQL */ `
  mutation OpenSession($input: OpenConsumerInput!, $idempotencyKey: String) {
    openConsumer(input: $input, idempotencyKey: $idempotencyKey) {
      consumer {
        id
        clientId
        source
        state
        protocol
        sessionSeconds
        tracks {
          id
        }
      }
      token
      tokenExpiresAt
      heartbeatSeconds
      timeoutSeconds
      routerRtpCapabilities
      transportOptions
      tracks {
        id
      }
      url
    }
  }
`)

const CloseSession = graphql(/* GraphQL */ `
  mutation CloseSession($id: ID!, $reason: String) {
    closeConsumer(id: $id, reason: $reason) {
      state
      closeReason
      closeMessage
    }
  }
`)

/** Each takes $id alone; what else they want is at hand. */
const ofSession: [name: string, call: string][] = [
  ['reopenConsumer', 'reopenConsumer(id: $id) { token }'],
  ['consume', 'consume(id: $id, rtpCapabilities: { codecs: [] }) { id }'],
  [
    'connectConsumer',
    `connectConsumer(id: $id, dtlsParameters: { fingerprints: [{ algorithm: "sha-256", value: "${Array(32).fill('A7').join(':')}" }] }) { id }`,
  ],
  ['resumeConsumer', 'resumeConsumer(id: $id) { id }'],
  ['pauseConsumer', 'pauseConsumer(id: $id, kinds: [VIDEO]) { id }'],
  ['restartConsumerIce', 'restartConsumerIce(id: $id)'],
  ['closeConsumer', 'closeConsumer(id: $id) { id }'],
]

describeOnBothDatabases("a player's mutations", (database) => {
  let api: TestApi
  let stream: Awaited<ReturnType<typeof addStream>>

  beforeEach(async () => {
    api = await createTestApi(database(), {
      playback: ({ id }) => ({
        whepUrl: `http://media.test/whep/${id}`,
        hlsUrl: `http://media.test/hls/${id}/index.m3u8`,
      }),
    })
    stream = await addStream(database().db, api.projectId, { state: 'LIVE', desiredState: 'RUNNING' })
  })

  const input = (values: Partial<OpenConsumerInput> = {}): OpenConsumerInput => ({
    streamId: stream.id,
    clientId: 'kiosk',
    protocol: 'HLS',
    ...values,
  })
  const call = (text: string, id: string, key: string | null) =>
    api.query(`mutation ($id: ID!) { ${text} }`, { id } as never, { key })

  describe('a session by HLS', () => {
    test('is opened by a key with PLAY, with all that its player needs, and closed by its token', async () => {
      const answer = await api.query(OpenSession, { input: input({ source: 'agency' }) }, { key: api.key('PLAY') })
      expect(answer.errors).toEqual([])
      const session = answer.data!.openConsumer!
      const { id } = session.consumer
      expect(session).toMatchObject({
        consumer: { clientId: 'kiosk', source: 'agency', state: 'NEW', protocol: 'HLS', tracks: [] },
        heartbeatSeconds: 30,
        timeoutSeconds: 60,
        routerRtpCapabilities: null,
        transportOptions: null,
        tracks: [],
        url: `http://media.test/hls/${stream.id}/index.m3u8?session=${session.token}`,
      })
      expect(Date.parse(session.tokenExpiresAt)).toBeGreaterThan(Date.now())
      const key = session.token
      expect((await call('recordHeartbeat(consumerId: $id) { accepted }', id, key)).data).toEqual({
        recordHeartbeat: { accepted: true },
      })
      const closed = await api.query(CloseSession, { id, reason: 'Good night.' }, { key })
      expect(closed.data).toEqual({
        closeConsumer: { state: 'CLOSED', closeReason: 'CLIENT', closeMessage: 'Good night.' },
      })
      // Closed is closed: who was first has said why.
      const again = await api.query(CloseSession, { id, reason: 'No, me.' })
      expect(again.data).toEqual(closed.data)
    })

    test('the same idempotencyKey is the same session; with another input it is CONFLICT', async () => {
      const open = (values: Partial<OpenConsumerInput> = {}) =>
        api.query(OpenSession, { input: input(values), idempotencyKey: 'once' })
      const [one, two] = await Promise.all([open(), open()])
      expect(two.data!.openConsumer!.consumer.id).toBe(one.data!.openConsumer!.consumer.id)
      expect((await open({ clientId: 'another' })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }])
    })

    test('that was shown the door says so, typed, to its own token', async () => {
      const { consumer, token } = (await api.query(OpenSession, { input: input() })).data!.openConsumer!
      await api.query(CloseSession, { id: consumer.id, reason: 'The library closes.' })
      for (const [name, text] of ofSession.filter(([name]) => name !== 'closeConsumer')) {
        const answer = await call(text, consumer.id, token)
        expect([name, answer.errors[0]?.extensions]).toMatchObject([
          name,
          { code: 'INVALID_STATE', closeReason: 'FORCED', closeMessage: 'The library closes.' },
        ])
      }
      const heartbeat = await call(
        'recordHeartbeat(consumerId: $id) { accepted refusal closeReason }',
        consumer.id,
        token,
      )
      expect(heartbeat.data).toEqual({
        recordHeartbeat: { accepted: false, refusal: 'CLOSED', closeReason: 'FORCED' },
      })
    })

    test('has no transport to speak of', async () => {
      const { consumer, token } = (await api.query(OpenSession, { input: input() })).data!.openConsumer!
      for (const [name, text] of ofSession.filter(([name]) => !/reopen|close/.test(name)))
        expect([name, (await call(text, consumer.id, token)).errors[0]?.extensions.code]).toEqual([
          name,
          'INVALID_STATE',
        ])
      expect((await call('reopenConsumer(id: $id) { token }', consumer.id, token)).errors).toEqual([])
    })
  })

  describe('who may', () => {
    const scopes = ['READ', 'WRITE', 'PUBLISH', 'PLAY', 'ADMIN'] as const
    const mayPlay = new Set<string>(['PLAY', 'WRITE', 'ADMIN'])

    test.each(scopes)('open with the key %s', async (scope) => {
      const answer = await api.query(OpenSession, { input: input() }, { key: api.key(scope) })
      expect(answer.errors[0]?.extensions.code).toBe(mayPlay.has(scope) ? undefined : 'FORBIDDEN')
    })

    test('not without a key, nor by the token of a session', async () => {
      const own = await addConsumer(database().db, stream)
      const codes = async (key: string | null) =>
        (await api.query(OpenSession, { input: input() }, { key })).errors.map(({ extensions }) => extensions.code)
      expect(await codes(null)).toEqual(['UNAUTHENTICATED'])
      expect(await codes(api.token(own))).toEqual(['FORBIDDEN'])
    })

    test.each(ofSession)('%s: its own token, and keys that may; no other', async (name, text) => {
      const own = await addConsumer(database().db, stream)
      const another = await addConsumer(database().db, stream)
      const code = async (key: string | null, id = own.id) => (await call(text, id, key)).errors[0]?.extensions.code
      expect(await code(null)).toBe('UNAUTHENTICATED')
      expect(await code(api.token(another))).toBe('NOT_FOUND')
      expect(await code(api.token(own, Date.now() - 1))).toBe('UNAUTHENTICATED')
      for (const scope of ['READ', 'PUBLISH', ...(name === 'closeConsumer' ? (['PLAY'] as const) : [])] as const)
        expect([scope, await code(api.key(scope))]).toEqual([scope, 'FORBIDDEN'])
      const other = await createTestApi(database())
      const theirs = await other.query(`mutation ($id: ID!) { ${text} }`, { id: own.id } as never, {
        key: other.key('ADMIN'),
      })
      expect(theirs.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      expect(await code(api.key('WRITE'), newId('Consumer'))).toBe('NOT_FOUND')
      expect(await code(api.key('WRITE'), stream.id)).toBe('BAD_USER_INPUT')
      // Nothing of that has changed it. Those that may get further: to the media, of which there is none here.
      for (const key of [api.token(own), api.key('WRITE')])
        expect(['UNAVAILABLE', 'INVALID_STATE', undefined]).toContain(await code(key))
    })
  })

  describe('input', () => {
    const garbage: [name: string, variables: object, path: string][] = [
      ['no id', { streamId: 'stream' }, 'input.streamId'],
      ['the id of something else', { streamId: newId('Consumer') }, 'input.streamId'],
      ['a reservation that is none', { reservationId: 'x' }, 'input.reservationId'],
      ['an empty name', { clientId: '' }, 'input.clientId'],
      ['a name with NUL', { clientId: 'a\0b' }, 'input.clientId'],
      ['a long name', { clientId: 'x'.repeat(10_000) }, 'input.clientId'],
      ['a long source', { source: 'x'.repeat(10_000) }, 'input.source'],
      ['capabilities that are a text', { rtpCapabilities: 'all' }, 'input.rtpCapabilities'],
      ['capabilities that are a list', { rtpCapabilities: [[[]]] }, 'input.rtpCapabilities'],
      ['codecs of another kind', { rtpCapabilities: { codecs: [{ mimeType: 'text/html' }] } }, 'input.rtpCapabilities'],
      ["a protocol that there isn't", { protocol: 'RTSP' }, 'input.protocol'],
    ]

    test.each(garbage)('openConsumer with %s is BAD_USER_INPUT and opens nothing', async (_, values, path) => {
      const answer = await api.query(OpenSession, { input: input(values) })
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }])
      const { data } = await api.query<{ consumers: { totalCount: number } }, object>('{ consumers { totalCount } }')
      expect(data!.consumers.totalCount).toBe(0)
    })

    const fingerprint = { algorithm: 'sha-256', value: Array(32).fill('A7').join(':') }
    const dtls: [name: string, value: unknown, code?: string][] = [
      ['null', null],
      ['a text', 'x'],
      ['no fingerprints', { fingerprints: [] }],
      ['a fingerprint that is null', { fingerprints: [null] }],
      ['a thousand', { fingerprints: Array(1000).fill(fingerprint) }],
      ['an unknown algorithm', { fingerprints: [{ ...fingerprint, algorithm: 'md5' }] }],
      ['a name of the prototype', { fingerprints: [{ ...fingerprint, algorithm: 'constructor' }] }],
      ['a short value', { fingerprints: [{ ...fingerprint, value: 'A7:A7' }] }],
      ['a value without colons', { fingerprints: [{ ...fingerprint, value: 'A7'.repeat(32) }] }],
      ['a value of NULs', { fingerprints: [{ ...fingerprint, value: '\0'.repeat(95) }] }],
      ['a value of 900 KB', { fingerprints: [{ ...fingerprint, value: 'A7:'.repeat(300_000) }] }, 'TOO_COMPLEX'],
      ['another role', { role: 'boss', fingerprints: [fingerprint] }],
      ['another member', { fingerprints: [fingerprint], more: 1 }],
    ]

    test.each(dtls)('connectConsumer with %s is refused', async (_, dtlsParameters, code = 'BAD_USER_INPUT') => {
      const own = await addConsumer(database().db, stream)
      const answer = await api.query(
        'mutation ($id: ID!, $dtlsParameters: DtlsParametersInput!) { connectConsumer(id: $id, dtlsParameters: $dtlsParameters) { id } }',
        { id: own.id, dtlsParameters } as never,
        { key: api.token(own) },
      )
      expect(answer.errors[0]?.extensions.code).toBe(code)
      // What was sent is not sent back.
      expect(JSON.stringify(answer.errors).length).toBeLessThan(4000)
      expect(api.logged).toEqual([])
    })

    const capabilities: [name: string, json: string, code?: string][] = [
      ['null', 'null'],
      ['a number', '7'],
      ['depth', `{"codecs":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'TOO_COMPLEX'],
      ['900 KB', `{"codecs":[{"mimeType":"video/${'x'.repeat(900_000)}"}]}`, 'TOO_COMPLEX'],
      ['100,000 codecs', `{"codecs":[${Array(100_000).fill('{}').join(',')}]}`],
    ]

    test.each(capabilities)('consume with capabilities of %s is refused', async (_, json, code = 'BAD_USER_INPUT') => {
      const own = await addConsumer(database().db, stream)
      const query = 'mutation ($id: ID!, $caps: RtpCapabilities!) { consume(id: $id, rtpCapabilities: $caps) { id } }'
      const response = await api.graphql.fetch('http://weir.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${api.token(own)}` },
        body: `{"query":${JSON.stringify(query)},"variables":{"id":"${own.id}","caps":${json}}}`,
      })
      const text = await response.text()
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] })
      expect(text.length).toBeLessThan(4000)
      expect(api.logged).toEqual([])
    })

    test('a body of more than 1 MB is refused before it is read', async () => {
      const response = await api.graphql.fetch('http://weir.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${api.key('WRITE')}` },
        body: JSON.stringify({ query: '{ streams { totalCount } }', variables: { x: 'x'.repeat(1_000_000) } }),
      })
      expect([response.status >= 400, response.status < 500]).toEqual([true, true])
    })

    test('kinds that are none, and a reason that is too long', async () => {
      const own = await addConsumer(database().db, stream)
      const paused = await call('pauseConsumer(id: $id, kinds: []) { id }', own.id, api.token(own))
      expect(paused.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'kinds' }] } }])
      for (const reason of ['x'.repeat(501), 'a\0b']) {
        const closed = await api.query(CloseSession, { id: own.id, reason })
        expect(closed.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'reason' }] } }])
      }
    })
  })
})
