import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Bus, BusTopic } from '../../../src/platform/bus/bus.ts'
import { createBus } from '../../../src/platform/bus/create.ts'
import { type Logger, silentLogger } from '../../../src/platform/logs/logger.ts'
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts'
import { startTcpLine, type TcpLine } from '../../support/tcp-line.ts'
import { until } from '../../support/until.ts'

let redis: RedisServer
let postgresLine: TcpLine
let redisLine: TcpLine
beforeAll(async () => {
  redis = await startRedisServer()
  redisLine = await startTcpLine(redis.port)
  postgresLine = await startTcpLine(Number(new URL(inject('postgresUrl')).port))
})
afterAll(async () => {
  await redisLine.close()
  await postgresLine.close()
  await redis.stop()
})

const buses: Bus[] = []
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()))
})

function collect(bus: Bus, topic: BusTopic): string[] {
  const heard: string[] = []
  bus.subscribe(topic, (id) => heard.push(id))
  return heard
}

async function open(settings: Parameters<typeof createBus>[0]): Promise<Bus> {
  const bus = await createBus(settings)
  buses.push(bus)
  return bus
}

const kinds = {
  'in process': () => ({}),
  'PostgreSQL NOTIFY': () => ({ databaseUrl: `postgres://weir@127.0.0.1:${postgresLine.port}/postgres` }),
  Redis: () => ({ redisUrl: `redis://127.0.0.1:${redisLine.port}/3` }),
}

describe.each(Object.entries(kinds))('the bus: %s', (_kind, settings) => {
  test('a message reaches the listeners of its topic in this process, each once', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    const orders = [collect(bus, 'orders'), collect(bus, 'orders')]
    const streams = collect(bus, 'streams')
    bus.publish('orders', 'a')
    bus.publish('orders', 'b')
    bus.publish('streams', 'c')
    await until('heard', () => streams.length === 1)
    expect(orders).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  test('publishing never calls a listener before it returns', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    const heard = collect(bus, 'events')
    bus.publish('events', '1')
    expect(heard).toEqual([])
    await until('heard', () => heard.length === 1)
  })

  test('an ended subscription hears nothing more; the same listener may stand twice', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    const heard: string[] = []
    const listener = (id: string) => heard.push(id)
    const stop = bus.subscribe('orders', listener)
    bus.subscribe('orders', listener)
    bus.publish('orders', 'both')
    await until('heard', () => heard.length === 2)
    stop()
    bus.publish('orders', 'one')
    await until('heard', () => heard.length === 3)
    expect(heard).toEqual(['both', 'both', 'one'])
  })

  test('a listener that throws is logged and the next one hears all the same', async () => {
    const errors: object[] = []
    const logger: Logger = { ...silentLogger, error: (context) => errors.push(context) }
    const bus = await open({ ...settings(), logger })
    bus.subscribe('orders', () => {
      throw new Error('broken listener')
    })
    const heard = collect(bus, 'orders')
    bus.publish('orders', 'a')
    await until('heard', () => heard.length === 1)
    expect(errors).toHaveLength(1)
  })

  test('a message to ourselves comes back over the wire, and nobody else hears of it', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    const heard = collect(bus, 'ping')
    const signal = AbortSignal.timeout(20_000)
    // Listening starts in the background: what is sent before that does not come back.
    await until('a round trip', () =>
      bus.roundTrip(AbortSignal.any([signal, AbortSignal.timeout(500)])).then(
        () => true,
        () => false,
      ),
    )
    await bus.roundTrip(signal)
    expect(heard).toEqual([])
  })

  test('a round trip that nobody waits for ends, and so does one on a bus that is closed', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    await expect(bus.roundTrip(AbortSignal.abort())).rejects.toThrow('no round trip was begun')
    const trip = bus.roundTrip(new AbortController().signal)
    const outcome = trip.then(
      () => 'arrived',
      () => 'ended',
    )
    await bus.close()
    expect(['arrived', 'ended']).toContain(await outcome)
  })

  test('a closed bus is silent and takes messages without complaint', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    const heard = collect(bus, 'orders')
    await bus.close()
    bus.publish('orders', 'late')
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual([])
  })
})

const between = [
  ['PostgreSQL NOTIFY', kinds['PostgreSQL NOTIFY'], () => postgresLine],
  ['Redis', kinds.Redis, () => redisLine],
] as const

describe.each(between)('the bus between processes: %s', (_kind, settings, line) => {
  /** Listening starts in the background: ask until an answer comes. */
  async function untilConnected(from: Bus, to: Bus): Promise<void> {
    const heard = collect(to, 'streams')
    await until('a probe came through', () => {
      from.publish('streams', `probe-${Math.random()}`)
      return heard.length > 0
    })
  }

  test('a message reaches the other process, and its own only once', async () => {
    const [one, other] = [
      await open({ ...settings(), logger: silentLogger }),
      await open({ ...settings(), logger: silentLogger }),
    ]
    await Promise.all([untilConnected(one, other), untilConnected(other, one)])
    const [heardHere, heardThere] = [collect(one, 'orders'), collect(other, 'orders')]
    for (let i = 0; i < 50; i++) one.publish('orders', `stream_${i}`)
    await until('heard', () => heardThere.length === 50)
    other.publish('orders', 'back')
    await until('heard', () => heardHere.length >= 51)
    expect(heardThere).toEqual([...Array.from({ length: 50 }, (_, i) => `stream_${i}`), 'back'])
    expect(heardHere).toEqual(heardThere)
  })

  test('after an outage messages pass again, and the log says both once', async () => {
    const said: string[] = []
    const logger: Logger = {
      ...silentLogger,
      warn: (_context, message) => said.push(message),
      info: (_context, message) => said.push(message),
    }
    const [one, other] = [await open({ ...settings(), logger: silentLogger }), await open({ ...settings(), logger })]
    await untilConnected(one, other)
    await line().cut()
    for (let i = 0; i < 100; i++) one.publish('orders', `lost_${i}`)
    await until('said', () => said.length === 1)
    await line().mend()
    await untilConnected(one, other)
    await until('said', () => said.length === 2)
    expect(said.map((message) => message.replace(/ on .* is/, ' is'))).toEqual([
      'the bus is not connected; trying on',
      'the bus is connected again',
    ])
  })

  test('without the server no message comes back', async () => {
    const bus = await open({ ...settings(), logger: silentLogger })
    await bus.roundTrip(AbortSignal.timeout(20_000)).catch(() => {})
    await line().cut()
    await expect(bus.roundTrip(AbortSignal.timeout(300))).rejects.toThrow('did not come back')
    await line().mend()
  })

  test('it opens while the server is away and connects when it comes', async () => {
    await line().cut()
    const [one, other] = [
      await open({ ...settings(), logger: silentLogger }),
      await open({ ...settings(), logger: silentLogger }),
    ]
    const heard = collect(one, 'orders')
    one.publish('orders', 'here')
    await until('heard', () => heard.length === 1)
    await line().mend()
    await untilConnected(one, other)
  })
})
