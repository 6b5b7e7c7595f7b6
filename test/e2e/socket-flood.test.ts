import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../support/until.ts'
import { adminKey, Weir } from '../support/weir.ts'
import { bareSocket } from '../support/whole-api-server.ts'

let weir: Weir
beforeAll(async () => {
  // So that it can be told to tidy up.
  weir = await Weir.start({ env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } })
})
afterAll(() => weir[Symbol.asyncDispose]())

const url = () => `${weir.url.replace('http', 'ws')}/graphql`
const newSocket = () => new WebSocket(url(), 'graphql-transport-ws')
const authorization = `Bearer ${adminKey}`

/** Has the server collect its garbage. */
async function tidyUp(): Promise<void> {
  const address = await until('the inspector listens', () =>
    weir.lines.map((line) => /Debugger listening on (ws:\S+)/.exec(line)?.[1]).find((found) => found !== undefined),
  )
  const inspector = new WebSocket(address)
  await once(inspector, 'open')
  inspector.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }))
  await once(inspector, 'message')
  inspector.terminate()
}

/** What the server's process has for itself, in MB, with no garbage: the least of what is seen. */
async function settledMb(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let n = 0; n < 3; n++) {
    await tidyUp()
    const kb = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${weir.pid}/status`, 'utf8'))![1]
    least = Math.min(least, Number(kb) / 1024)
  }
  return least
}

/** Sends all these at once, whatever is answered; the code that the socket was closed with. */
async function flood(count: number, subscription: (n: number) => string, payload: object): Promise<number> {
  const bad = await bareSocket(newSocket(), payload)
  for (let n = 0; n < count; n++) {
    if (bad.socket.readyState !== bad.socket.OPEN) break
    // The other client lives in this process too.
    if (n % 500 === 499) await setImmediate()
    bad.send({ id: `${n}`, type: 'subscribe', payload: { query: subscription(n) } })
  }
  return (await bad.closed)[0]
}

/** Another client asks one thing after the other as long as the work goes on: how long each answer took, in ms. */
async function besides(work: () => Promise<void>): Promise<number[]> {
  const webSocketImpl = WebSocket
  const client = createClient({ url: url(), webSocketImpl, retryAttempts: 0, connectionParams: { authorization } })
  const tookMs: number[] = []
  let isOver = false
  const asking = (async () => {
    while (!isOver || tookMs.length < 20) {
      const at = performance.now()
      for await (const { data, errors } of client.iterate({ query: '{ streams(first: 10) { totalCount } }' })) {
        expect(errors).toBeUndefined()
        expect(data).toEqual({ streams: { totalCount: 0 } })
      }
      tookMs.push(performance.now() - at)
    }
  })()
  await work()
  isOver = true
  await asking
  await client.dispose()
  return tookMs.sort((a, b) => a - b)
}

test('20,000 subscribes on one socket take less than 20 MB, and another client is answered all the while', async () => {
  const subscriptions = [
    (n: number) => `subscription { streams(filter: { name: "${n}" }) { changed { id name state } } }`,
    (n: number) => `subscription s${n} { events { __typename } }`,
    (n: number) => `subscription s${n} { systemHealth { status } }`,
  ]
  // What is loaded and compiled once.
  await besides(async () => {
    for (const subscription of subscriptions) await flood(1000, subscription, { authorization })
  })
  const beforeMb = await settledMb()
  const tookMs = await besides(async () => {
    for (const subscription of subscriptions) expect(await flood(20_000, subscription, { authorization })).toBe(4429)
    // Without a key.
    expect(await flood(20_000, subscriptions[0]!, {})).toBe(4429)
  })
  const grownMb = (await settledMb()) - beforeMb
  const p99Ms = tookMs[Math.floor(tookMs.length * 0.99)]
  console.log(
    `grown by ${grownMb.toFixed(1)} MB; ${tookMs.length} answers to another client, p99 ${p99Ms?.toFixed()} ms`,
  )
  expect(grownMb).toBeLessThan(20)
})
