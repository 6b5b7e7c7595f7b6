import '../../support/worker.ts'

import { request } from 'node:http'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { newId } from '../../../src/ids.ts'
import { producerSpecs, serveWhep, startPool } from '../../support/media-bed.ts'
import { chromiumOffer } from './offers.ts'

const sdp = { 'content-type': 'application/sdp' }
const fragmentType = 'application/trickle-ice-sdpfrag'

/** A stream in a real pool, behind WHEP over HTTP. */
async function served() {
  const pool = await startPool()
  const { streamId } = await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))
  const { url, close } = await serveWhep(pool)
  onTestFinished(async () => {
    await close()
    await pool.close()
  })
  const endpoint = `${url}/whep/${streamId}`
  const post = (body: string) => fetch(endpoint, { method: 'POST', headers: sdp, body })
  const patch = (session: string, body: string, ifMatch: string) =>
    fetch(session, { method: 'PATCH', headers: { 'content-type': fragmentType, 'if-match': ifMatch }, body })
  async function begin() {
    const response = await post(chromiumOffer)
    expect(response.status).toBe(201)
    const session = new URL(response.headers.get('location')!, endpoint).href
    return { session, etag: response.headers.get('etag')!, answer: await response.text() }
  }
  return { pool, endpoint, post, patch, begin }
}

const ice = (text: string) => ({
  ufrag: /a=ice-ufrag:(\S+)/.exec(text)![1]!,
  pwd: /a=ice-pwd:(\S+)/.exec(text)![1]!,
})
const candidate = (n: number) =>
  `a=candidate:${n} 1 udp 2122260223 192.0.2.${n % 256} ${1024 + n} typ host generation 0 network-id 1\r\n`
const fragment = (ufrag: string, pwd: string, candidates = candidate(1)) =>
  `a=group:BUNDLE 0 1\r\nm=video 9 UDP/TLS/RTP/SAVPF 108\r\na=mid:0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:${pwd}\r\n${candidates}`

test('candidates are trickled, ICE is restarted, and what was sent before the restart changes nothing after it', async () => {
  const { begin, patch } = await served()
  const { session, etag, answer } = await begin()
  const { ufrag, pwd } = ice(chromiumOffer)
  const trickled = await patch(session, fragment(ufrag, pwd), etag)
  expect([trickled.status, trickled.headers.get('etag'), await trickled.text()]).toEqual([204, null, ''])

  const anew = fragment('anew', 'p'.repeat(24))
  const restarted = await patch(session, anew, '*')
  expect(restarted.status).toBe(200)
  expect(restarted.headers.get('content-type')).toBe(fragmentType)
  const second = restarted.headers.get('etag')!
  expect(second).not.toBe(etag)
  const ours = await restarted.text()
  expect(ice(ours)).not.toEqual(ice(answer))
  expect(ours).toContain('a=ice-lite')
  expect(ours).toContain('a=candidate:')

  expect((await patch(session, fragment(ufrag, pwd), etag)).status).toBe(412)
  expect((await patch(session, fragment('anew', 'p'.repeat(24)), second)).status).toBe(204)
  // The answer was lost: asked again it is the same, and nothing restarts.
  const again = await patch(session, anew, '*')
  expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([200, second, ours])

  expect((await fetch(session, { method: 'DELETE' })).status).toBe(200)
  expect((await patch(session, anew, '*')).status).toBe(404)
})

test('garbage for a fragment is refused and leaves the ICE session as it is', async () => {
  const { begin, patch } = await served()
  const { session, etag } = await begin()
  const many = Array.from({ length: 5000 }, (_, n) => candidate(n)).join('')
  for (const text of [
    '',
    'x',
    'v=0\r\n',
    fragment('', ''),
    fragment('a b', 'x'),
    fragment('anew', 'p'.repeat(24), many),
  ]) {
    expect((await patch(session, text, '*')).status).toBe(400)
  }
  const { ufrag, pwd } = ice(chromiumOffer)
  const dozens = Array.from({ length: 60 }, (_, n) => candidate(n)).join('')
  expect((await patch(session, fragment(ufrag, pwd, dozens), etag)).status).toBe(204)
})

test('any change to a real offer is answered or refused, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const { pool, endpoint, post } = await served()
  const before = await pool.inventory()
  const lines = chromiumOffer.split('\r\n')
  const change = fc.oneof(
    fc.record({ what: fc.constant('drop' as const), at: fc.nat() }),
    fc.record({ what: fc.constant('double' as const), at: fc.nat() }),
    fc.record({ what: fc.constant('cut' as const), at: fc.nat(), to: fc.nat(80) }),
    fc.record({
      what: fc.constant('number' as const),
      at: fc.nat(),
      value: fc.oneof(fc.integer(), fc.maxSafeInteger()),
    }),
    fc.record({ what: fc.constant('text' as const), at: fc.nat(), to: fc.nat(80), text: fc.string({ maxLength: 40 }) }),
    fc.record({ what: fc.constant('swap' as const), at: fc.nat(), with: fc.nat() }),
  )
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const mutated = [...lines]
      for (const step of changes) {
        const i = step.at % mutated.length
        const line = mutated[i]!
        if (step.what === 'drop') mutated.splice(i, 1)
        else if (step.what === 'double') mutated.splice(i, 0, line)
        else if (step.what === 'cut') mutated[i] = line.slice(0, step.to)
        else if (step.what === 'number') mutated[i] = line.replace(/\d+/, String(step.value))
        else if (step.what === 'text') mutated[i] = line.slice(0, step.to) + step.text + line.slice(step.to)
        else [mutated[i], mutated[step.with % mutated.length]] = [mutated[step.with % mutated.length]!, line]
      }
      const response = await post(mutated.join('\r\n'))
      seen.set(response.status, (seen.get(response.status) ?? 0) + 1)
      expect([201, 400, 415]).toContain(response.status)
      const body = await response.text()
      if (response.status !== 201) return
      expect(body).toMatch(/^v=0\r\n/)
      const session = new URL(response.headers.get('location')!, endpoint).href
      expect((await fetch(session, { method: 'DELETE' })).status).toBe(200)
    }),
    { numRuns: 300 },
  )
  // Else it has not been tried.
  expect([...seen.keys()]).toEqual(expect.arrayContaining([201, 400]))
  await expect.poll(() => pool.inventory()).toEqual(before)
})

test('what can be no offer costs nothing, however much there is of it', { timeout: 60_000 }, async () => {
  const { pool, post } = await served()
  const before = await pool.inventory()
  const candidates = Array.from({ length: 5000 }, (_, n) => candidate(n)).join('')
  const sections = chromiumOffer + chromiumOffer.slice(chromiumOffer.indexOf('m=')).repeat(10)
  const bodies = [
    'x'.repeat(1024 * 1024),
    chromiumOffer + candidates,
    sections,
    `v=0\r\n${'m=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(1500)}`,
    `v=0\r\n${'a=group:BUNDLE '.repeat(4000)}`,
    `v=0\r\nm=${' '.repeat(60_000)}`,
    `v=0\r\na=${'x'.repeat(60_000)}`,
    '\u0000'.repeat(60_000),
  ]
  const refuse = async () => {
    const answers = await Promise.all(bodies.map((body) => post(body)))
    for (const answer of answers) {
      expect(answer.status).toBe(400)
      await answer.text()
    }
  }
  await refuse()
  global.gc?.()
  const memory = process.memoryUsage().rss
  for (let round = 0; round < 30; round++) await refuse()
  // 240 MB of bodies have come; what stays is not of their order.
  expect(process.memoryUsage().rss - memory).toBeLessThan(150 * 1024 * 1024)
  expect(await pool.inventory()).toEqual(before)
})

test('who begins an offer and goes away leaves nothing behind', async () => {
  const { pool, endpoint, begin } = await served()
  const before = await pool.inventory()
  const broken = Array.from({ length: 20 }, () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const sending = request(endpoint, { method: 'POST', headers: { ...sdp, 'content-length': 6000 } })
    sending.on('error', () => resolve())
    sending.write(chromiumOffer.slice(0, 1000), () => sending.destroy(new Error('gone')))
    return promise
  })
  await Promise.all(broken)
  const { session } = await begin()
  await fetch(session, { method: 'DELETE' })
  await expect.poll(() => pool.inventory()).toEqual(before)
})
