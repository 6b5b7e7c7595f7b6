import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { ConsumerProtocol } from '../../src/client/generated/graphql.ts'
import { until } from '../support/until.ts'
import { type StreamView, Weir } from '../support/weir.ts'

const Open = graphql(/* GraphQL */ `
  mutation OpenOnDemand($input: OpenConsumerInput!) {
    openConsumer(input: $input) {
      consumer {
        id
      }
      transportOptions
      url
    }
  }
`)
const Close = graphql(/* GraphQL */ `
  mutation CloseOnDemand($id: ID!) {
    closeConsumer(id: $id) {
      closeReason
    }
  }
`)
const Session = graphql(/* GraphQL */ `
  query SessionOnDemand($id: ID!) {
    consumer(id: $id) {
      state
      closeReason
    }
  }
`)

let weir: Weir
const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }

beforeAll(async () => {
  weir = await Weir.start({ env: { ON_DEMAND_CLOSE_AFTER: '1s', ON_DEMAND_START_TIMEOUT: '60s' } })
})
afterEach(() => weir.clear())
afterAll(() => weir?.[Symbol.asyncDispose]())

async function open(streamId: string, protocol: ConsumerProtocol) {
  const { openConsumer } = await weir.api.request(Open, { input: { streamId, clientId: 'player', protocol } })
  return openConsumer!
}
const close = (id: string) => weir.api.request(Close, { id })
const isSettled = (stream: StreamView) => stream.generation === stream.observedGeneration
const atRest = (id: string) => weir.waitForStream(id, 'STOPPED', (s) => s.state === 'STOPPED' && isSettled(s))
/** Resolves when a stream on demand, started for it, has been stopped for nobody. */
async function stoppedForNobody(): Promise<void> {
  const id = await weir.createStream({ name: 'Watched by nobody', source, onDemand: true })
  const { consumer } = await open(id, 'HLS')
  await close(consumer!.id)
  await atRest(id)
}
async function ordersOf(id: string) {
  const events = await weir.events(id, 'stream.ordered')
  return events.map(({ data }) => data.order)
}

test('it runs from its first session to a while after its last, and again for the next', async () => {
  const id = await weir.createStream({ name: 'On demand', source, onDemand: true })
  expect(await weir.stream(id)).toMatchObject({ state: 'STOPPED', desiredState: 'STOPPED' })
  // Two at once: one order.
  const [first, second] = await Promise.all([open(id, 'MEDIASOUP'), open(id, 'HLS')])
  expect(first.transportOptions).toMatchObject({ id: expect.any(String), iceCandidates: expect.any(Array) })
  expect(await weir.stream(id)).toMatchObject({ state: 'LIVE', desiredState: 'RUNNING' })
  expect((await fetch(second.url!)).status).toBe(200)
  expect(await ordersOf(id)).toEqual(['START'])

  await close(first.consumer!.id)
  // Left by its only session after that: when this one has been stopped, the other has had its while too.
  await stoppedForNobody()
  expect(await weir.stream(id)).toMatchObject({ state: 'LIVE', desiredState: 'RUNNING' })

  await close(second.consumer!.id)
  await atRest(id)
  await until('no FFmpeg is left', () => weir.ffmpegs().length === 0)
  expect(await ordersOf(id)).toEqual(['START', 'STOP'])

  await open(id, 'MEDIASOUP')
  expect(await weir.stream(id)).toMatchObject({ state: 'LIVE' })
  expect(await ordersOf(id)).toEqual(['START', 'STOP', 'START'])
})

test('stopped by order it stops, its sessions with it, and the next session starts it', async () => {
  const id = await weir.createStream({ name: 'Ordered', source, onDemand: true })
  const { consumer } = await open(id, 'HLS')
  await weir.stopStream(id)
  await atRest(id)
  await until('the session is closed', async () => {
    const answer = await weir.api.request(Session, { id: consumer!.id })
    return answer.consumer?.closeReason === 'STREAM_STOPPED'
  })
  expect(await weir.stream(id)).toMatchObject({ state: 'STOPPED', desiredState: 'STOPPED' })
  await open(id, 'HLS')
  expect(await weir.stream(id)).toMatchObject({ state: 'LIVE' })
})

test('a stream that is not on demand is left as it is', async () => {
  const id = await weir.createStream({ name: 'Plain', source })
  await expect(open(id, 'HLS')).rejects.toThrow()
  expect(await weir.stream(id)).toMatchObject({ state: 'STOPPED', desiredState: 'STOPPED' })
  const { id: running } = await weir.liveStream({ name: 'Running', source })
  const { consumer } = await open(running, 'HLS')
  await close(consumer!.id)
  await stoppedForNobody()
  expect(await weir.stream(running)).toMatchObject({ state: 'LIVE', desiredState: 'RUNNING' })
})
