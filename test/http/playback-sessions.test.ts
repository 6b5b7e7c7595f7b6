import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SessionClaims } from '../../src/caller.ts'
import { WeirError } from '../../src/errors.ts'
import type { BeatResult } from '../../src/heartbeats/types.ts'
import { errorAnswer, publicError } from '../../src/http/error-answer.ts'
import { createHlsSessions } from '../../src/http/hls-sessions.ts'
import { playbackRoutes } from '../../src/http/playback.ts'
import { newId } from '../../src/ids.ts'
import { livePlaylist, withQuery } from '../../src/media/segments/playlist.ts'

const streamId = newId('Stream')
const claims: SessionClaims = { consumerId: newId('Consumer'), streamId, projectId: newId('Project'), expiresAt: 1e6 }
const token = 'weir_s_+/='
const text = livePlaylist(
  [0, 1, 2].map((n) => ({
    sequence: n,
    discontinuitySequence: n === 2 ? 1 : 0,
    uri: `7/${n}/${n}.m4s`,
    initUri: `7/${n}/init.mp4`,
    durationSeconds: 2,
    startsAtMs: n * 2000,
  })),
  2,
)

/** Playback on a node where one session is known and nothing is public. */
function playback({ isPublic = false } = {}) {
  const state = { known: { state: 'OPEN' } as BeatResult, now: 0, beats: [] as number[], looks: 0 }
  const sessions = createHlsSessions({
    readSession: (given, at) => (given === token && claims.expiresAt > at ? claims : null),
    book: {
      look() {
        state.looks++
        return state.known
      },
      async beat(projectId, consumerId, at) {
        expect([projectId, consumerId]).toEqual([claims.projectId, claims.consumerId])
        state.beats.push(at)
        return state.known
      },
    },
    beatEveryMs: 5000,
    now: () => state.now,
  })
  const routes = playbackRoutes({
    async authorize() {
      if (!isPublic) throw new WeirError('UNAUTHENTICATED', 'A key is needed.')
      return { isPublic }
    },
    sessions,
    playlist: async () => text,
    open: async () => ({
      sizeBytes: 4,
      read: () => new Response('data').body!,
      async close() {},
    }),
  })
  routes.onError((error) => errorAnswer(publicError(error)))
  const get = (path: string, of = streamId) => routes.request(`/hls/${of}/${path}`)
  return { state, get }
}
const session = `session=${encodeURIComponent(token)}`

test('the playlist of a session carries its token to every address, and is nobody else’s', async () => {
  const { get } = playback()
  expect((await get('index.m3u8')).status).toBe(401)
  const response = await get(`index.m3u8?${session}`)
  expect(response.headers.get('cache-control')).toBe('private, no-store')
  const playlist = await response.text()
  const addresses = playlist.split('\n').flatMap((line) => {
    const map = /URI="(.*)"/.exec(line)?.[1]
    return map ?? (line === '' || line.startsWith('#') ? [] : [line])
  })
  expect(addresses).toHaveLength(5)
  for (const address of addresses) {
    const segment = await get(address)
    expect([segment.status, await segment.text()]).toEqual([200, 'data'])
    expect(segment.headers.get('cache-control')).toMatch(/^private,/)
    expect((await get(address.split('?')[0]!)).status).toBe(401)
  }
})

test('what is public is kept by caches and names no session', async () => {
  const { get } = playback({ isPublic: true })
  const response = await get('index.m3u8')
  expect(response.headers.get('cache-control')).toBe('public, max-age=1')
  expect(await response.text()).toBe(text)
  expect((await get('7/0/0.m4s')).headers.get('cache-control')).toMatch(/^public,.*immutable/)
})

test.each([
  ['altered', streamId, 'session=weir_s_x', 401],
  ['empty', streamId, 'session=', 401],
  ["another stream's", newId('Stream'), session, 404],
])('a token that is %s opens nothing, public or not', async (_what, of, query, status) => {
  for (const isPublic of [true, false]) {
    const { get } = playback({ isPublic })
    expect((await get(`index.m3u8?${query}`, of)).status).toBe(status)
    expect((await get(`7/0/0.m4s?${query}`, of)).status).toBe(status)
  }
})

test('a closed session gets the reason, for playlist and segments, from the next request on', async () => {
  const { state, get } = playback({ isPublic: true })
  expect((await get(`index.m3u8?${session}`)).status).toBe(200)
  state.known = { state: 'CLOSED', reason: 'FORCED', message: 'Maintenance at noon.' }
  for (const path of ['index.m3u8', '7/0/0.m4s']) {
    const response = await get(`${path}?${session}`)
    expect(response.status).toBe(403)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({
      code: 'FORBIDDEN',
      closeReason: 'FORCED',
      closeMessage: 'Maintenance at noon.',
    })
  }
  state.known = { state: 'UNKNOWN' }
  expect((await get(`index.m3u8?${session}`)).status).toBe(403)
})

test('what a player fetches is a sign of life, one in five seconds', async () => {
  const { state, get } = playback()
  for (state.now = 0; state.now < 12_000; state.now += 1000) {
    await get(`index.m3u8?${session}`)
    await get(`7/0/0.m4s?${session}`)
  }
  expect(state.beats).toEqual([0, 5000, 10_000])
  expect(state.looks).toBe(21)
})

test("a player's address is good past its token's time while its session is open, for a day", async () => {
  const { state, get } = playback()
  state.now = claims.expiresAt + 3600_000
  expect((await get(`index.m3u8?${session}`)).status).toBe(200)
  state.now = claims.expiresAt + 25 * 3600_000
  expect((await get(`index.m3u8?${session}`)).status).toBe(401)
})

describe('a query on all addresses of a playlist', () => {
  test('changes nothing else', () => {
    const segment = fc.record({
      sequence: fc.nat(),
      discontinuitySequence: fc.nat(2),
      uri: fc.stringMatching(/^\d{1,9}\/\d{1,9}\/\d{1,9}\.m4s$/),
      initUri: fc.stringMatching(/^\d{1,9}\/\d{1,9}\/init\.mp4$/),
      durationSeconds: fc.double({ min: 0.1, max: 20, noNaN: true }),
      startsAtMs: fc.option(fc.nat()),
    })
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 12 }), (segments) => {
        const plain = livePlaylist(segments, 20)
        const carried = withQuery(plain, 'session=abc')
        expect(carried.replaceAll('?session=abc', '')).toBe(plain)
        const maps = plain.split('\n').filter((line) => line.startsWith('#EXT-X-MAP')).length
        expect(carried.split('?session=abc').length - 1).toBe(segments.length + maps)
      }),
    )
  })
})
