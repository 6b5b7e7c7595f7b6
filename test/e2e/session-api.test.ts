import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { adminKey, Weir } from '../support/weir.ts'

/** The order of mediasoup's signalling over the public entry, by a client that knows nothing but HTTP and JSON. */

let weir: Weir
let streamId: string

beforeAll(async () => {
  weir = await Weir.start()
  const source = { testPattern: { width: 160, height: 120, fps: 10, tone: true } }
  streamId = (await weir.liveStream({ name: 'watched', source })).id
})
afterAll(() => weir?.[Symbol.asyncDispose]())

interface Track {
  id: string
  kind: string
  paused: boolean
  consumerOptions: { id: string; kind: string; rtpParameters: { codecs: { mimeType: string }[] } }
}

async function ask<Answer>(query: string, variables: object, bearer: string): Promise<Answer> {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: { it: Answer } | null; errors?: object[] }
  if (errors) throw Object.assign(new Error('refused'), { errors })
  return data!.it
}

const health = async (path: string, bearer: string, method = 'GET') => {
  const response = await fetch(`${weir.url}/v2/health/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}` },
  })
  return { status: response.status, body: await response.json() }
}

const fingerprints = (byte: string) => [{ algorithm: 'sha-256', value: Array(32).fill(byte).join(':') }]

test('openConsumer, consume, connectConsumer, resumeConsumer: each twice as good as once; then it is closed and says why', async () => {
  const opened = await ask<{
    consumer: { id: string; state: string }
    token: string
    routerRtpCapabilities: { codecs: object[] }
    transportOptions: { id: string; iceCandidates: object[]; dtlsParameters: object }
    tracks: Track[]
  }>(
    `mutation ($input: OpenConsumerInput!) {
      it: openConsumer(input: $input) {
        consumer { id state } token routerRtpCapabilities transportOptions tracks { id }
      }
    }`,
    { input: { streamId, clientId: 'plain' } },
    adminKey,
  )
  const { token, routerRtpCapabilities } = opened
  const { id } = opened.consumer
  expect(opened).toMatchObject({ consumer: { state: 'NEW' }, tracks: [], transportOptions: { id: expect.any(String) } })

  const consume = () =>
    ask<Track[]>(
      `mutation ($id: ID!, $caps: RtpCapabilities!) {
        it: consume(id: $id, rtpCapabilities: $caps) { id kind paused consumerOptions }
      }`,
      { id, caps: routerRtpCapabilities },
      token,
    )
  const [tracks, same] = await Promise.all([consume(), consume()])
  expect(same).toEqual(tracks)
  expect(tracks.map(({ kind, paused }) => [kind, paused]).sort()).toEqual([
    ['AUDIO', true],
    ['VIDEO', true],
  ])
  expect(tracks.find(({ kind }) => kind === 'VIDEO')!.consumerOptions.rtpParameters.codecs[0]!.mimeType).toBe(
    'video/H264',
  )

  const connect = (byte: string) =>
    ask(
      'mutation ($id: ID!, $dtls: DtlsParametersInput!) { it: connectConsumer(id: $id, dtlsParameters: $dtls) { id } }',
      { id, dtls: { role: 'client', fingerprints: fingerprints(byte) } },
      token,
    )
  expect([await connect('A7'), await connect('A7')]).toEqual([{ id }, { id }])
  await expect(connect('B8')).rejects.toMatchObject({ errors: [{ extensions: { code: 'CONFLICT' } }] })

  const pausedOf = async () => (await consume()).map(({ kind, paused }) => `${kind} ${paused}`).sort()
  const resume = (kinds: string[] | null) =>
    ask(
      'mutation ($id: ID!, $kinds: [MediaKind!]) { it: resumeConsumer(id: $id, kinds: $kinds) { id } }',
      { id, kinds },
      token,
    )
  await resume(['VIDEO'])
  expect(await pausedOf()).toEqual(['AUDIO true', 'VIDEO false'])
  await resume(null)
  await resume(null)
  expect(await pausedOf()).toEqual(['AUDIO false', 'VIDEO false'])
  expect(await ask('mutation ($id: ID!) { it: restartConsumerIce(id: $id) }', { id }, token)).toMatchObject({
    usernameFragment: expect.any(String),
    password: expect.any(String),
  })

  expect(
    await ask<{ tracks: Track[] }>('query ($id: ID!) { it: consumer(id: $id) { tracks { kind } } }', { id }, token),
  ).toEqual({
    tracks: expect.arrayContaining([{ kind: 'VIDEO' }, { kind: 'AUDIO' }]),
  })
  expect(await health(`consumers/${id}/heartbeat`, token, 'POST')).toMatchObject({
    status: 200,
    body: { accepted: true },
  })
  expect(await health(`consumers/${id}`, token)).toMatchObject({
    body: { consumer_id: id, stream_id: streamId, client_id: 'plain', protocol: 'mediasoup' },
  })
  expect((await health(`streams/${streamId}`, adminKey)).body.consumers).toMatchObject({ total_consumers: 1 })
  const page = await (await fetch(`${weir.url}/metrics`)).text()
  expect(page).toContain(`consumer_id="${id}",stream_id="${streamId}",client_id="plain"`)
  expect(page).toContain(`vas_active_consumers{stream_id="${streamId}"}`)

  await ask('mutation ($id: ID!) { it: closeConsumer(id: $id, reason: "Bye.") { id } }', { id }, adminKey)
  await expect(resume(null)).rejects.toMatchObject({
    errors: [{ extensions: { code: 'INVALID_STATE', closeReason: 'FORCED', closeMessage: 'Bye.' } }],
  })
  expect(await health(`consumers/${id}/heartbeat`, token, 'POST')).toMatchObject({
    status: 409,
    body: { accepted: false, refusal: 'closed', close_reason: 'forced', close_message: 'Bye.' },
  })
  await until('it is counted once as ended', async () =>
    (await (await fetch(`${weir.url}/metrics`)).text()).includes(
      'vas_consumer_ended_session_duration_seconds_count{reason="forced"} 1',
    ),
  )
})
