import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { causeTexts } from '../../src/streams/causes.ts'
import type { FailureCause } from '../../src/streams/model.ts'
import {
  type Canary,
  type HostileServer,
  hostileCases,
  startCanary,
  startHostileServer,
} from '../support/hostile-server.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

let canary: Canary
let hostile: HostileServer
let weir: Weir

beforeAll(async () => {
  canary = await startCanary()
  hostile = await startHostileServer(canary.port)
  weir = await Weir.start({ env: { SOURCE_ALLOW_CIDRS: '127.0.0.2/32' } })
})
afterEach(() => weir.clear())
afterAll(async () => {
  await weir?.[Symbol.asyncDispose]()
  await hostile?.[Symbol.asyncDispose]()
  await canary?.[Symbol.asyncDispose]()
})

/** As the issue orders it. */
const toldWithinMs = 15_000
const requestsAllowed = 50

test.for(hostileCases)('a source that $what', async ({ kind, path, expected, isTls }) => {
  const [, name = ''] = path.split('/')
  const id = await weir.createStream({
    name: 'Hostile',
    source: { url: { url: hostile.url(path, isTls), kind } },
    start: true,
  })
  let requests = 0
  const told = await until(
    'the stream tells a cause',
    async () => {
      requests = hostile.requests(name)
      const events = await weir.events(id, 'stream.created', 'stream.state_changed')
      const change = events.find(({ data }) => data.cause)
      return change && { cause: change.data.cause as FailureCause, tookMs: change.at - events[0]!.at }
    },
    { everyMs: 100, explain: () => [hostile.requests(name), weir.lines.slice(-20)] },
  )
  expect(expected).toContain(told.cause)
  expect(told.tookMs).toBeLessThan(toldWithinMs)
  expect(requests).toBeLessThanOrEqual(requestsAllowed)
  const stream = await weir.stream(id)
  expect(stream.state).not.toBe('LIVE')
  if (stream.stateReason !== null) expect(Object.values(causeTexts)).toContain(stream.stateReason)
  expect(canary.touches()).toBe(0)
})
