import { expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { adminKey, Weir } from '../support/weir.ts'

interface Answer {
  data: Record<string, Record<string, unknown> | null> | null
  errors?: { message: string; extensions: Record<string, unknown> }[]
}

/** Asks by a key or a token. */
async function ask(weir: Weir, query: string, variables: object = {}, bearer = adminKey): Promise<Answer> {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer
}

const fieldsOf = 'consumer { id state closeReason } token transportOptions url'
const openIt = `mutation ($input: OpenConsumerInput!, $key: String) { it: openConsumer(input: $input, idempotencyKey: $key) { ${fieldsOf} } }`
const reopenIt = `mutation ($id: ID!) { it: reopenConsumer(id: $id) { ${fieldsOf} } }`
const beatIt =
  'mutation ($id: ID!) { it: recordHeartbeat(consumerId: $id) { accepted refusal closeReason nextBefore } }'
const closeIt =
  'mutation ($id: ID!, $reason: String) { it: closeConsumer(id: $id, reason: $reason) { state closeReason closeMessage } }'
const stateOf = '{ it: consumer(id: "ID") { state closeReason } }'

interface Opened {
  consumer: { id: string; state: string; closeReason: string | null }
  token: string
  transportOptions: { id: string } | null
  url: string | null
}

it('sessions outlive the process that carried them, and end with their streams', async () => {
  await using weir = await Weir.start({ env: { HEARTBEAT_INTERVAL: '2', HEARTBEAT_TIMEOUT: '4' } })
  const source = { testPattern: { width: 160, height: 120, fps: 10, tone: true } }
  const stream = await weir.liveStream({ name: 'watched', source })
  // A first playlist waits for its segments, longer than a session may be silent.
  expect((await fetch(stream.playback!.hlsUrl!)).status).toBe(200)
  const open = async (protocol: string, key: string | null = null) => {
    const input = { streamId: stream.id, clientId: 'player', protocol }
    const { data, errors } = await ask(weir, openIt, { input, key })
    expect(errors).toBeUndefined()
    return data!.it as unknown as Opened
  }
  const look = async (id: string) => (await ask(weir, stateOf.replace('ID', id))).data!.it
  const beat = async ({ consumer, token }: Opened) => (await ask(weir, beatIt, { id: consumer.id }, token)).data?.it

  const rtc = await open('MEDIASOUP', 'once')
  expect(rtc.transportOptions?.id).toEqual(expect.any(String))
  const same = await open('MEDIASOUP', 'once')
  expect([same.consumer.id, same.transportOptions]).toEqual([rtc.consumer.id, rtc.transportOptions])
  const hls = await open('HLS')
  expect((await fetch(hls.url!)).status).toBe(200)
  await until('the HLS session is connected', async () => (await look(hls.consumer.id))?.state === 'CONNECTED')
  expect(await beat(rtc)).toMatchObject({ accepted: true, nextBefore: expect.any(String) })
  expect((await ask(weir, beatIt, { id: rtc.consumer.id }, hls.token)).data?.it).toMatchObject({
    accepted: false,
    refusal: 'UNKNOWN',
  })

  await weir.end('SIGKILL')
  await weir.start()
  await weir.waitForStream(stream.id, 'LIVE again', ({ state }) => state === 'LIVE')
  expect(await look(hls.consumer.id)).toMatchObject({ state: 'CONNECTED' })
  expect(await look(rtc.consumer.id)).toMatchObject({ state: 'STALE', closeReason: null })
  const again = (await ask(weir, reopenIt, { id: rtc.consumer.id }, rtc.token)).data!.it as unknown as Opened
  expect(again.consumer).toMatchObject({ id: rtc.consumer.id, state: 'NEW' })
  expect(again.transportOptions!.id).not.toBe(rtc.transportOptions!.id)

  const forced = await ask(weir, closeIt, { id: rtc.consumer.id, reason: 'Closing time' })
  expect(forced.data?.it).toEqual({ state: 'CLOSED', closeReason: 'FORCED', closeMessage: 'Closing time' })
  expect(await beat(again)).toMatchObject({ accepted: false, refusal: 'CLOSED', closeReason: 'FORCED' })
  const refused = await ask(weir, reopenIt, { id: rtc.consumer.id }, again.token)
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_STATE', closeReason: 'FORCED' })

  const gone = await open('MEDIASOUP')
  const keepAlive = setInterval(() => void beat(hls), 1000)
  try {
    await until(
      'who is silent is closed',
      async () => (await look(gone.consumer.id))?.closeReason === 'HEARTBEAT_TIMEOUT',
    )
    expect(await look(hls.consumer.id)).toMatchObject({ state: 'CONNECTED' })
  } finally {
    clearInterval(keepAlive)
  }
  await weir.stopStream(stream.id)
  await until(
    'sessions end with their stream',
    async () => (await look(hls.consumer.id))?.closeReason === 'STREAM_STOPPED',
  )
  expect((await fetch(hls.url!)).status).toBe(403)
})
