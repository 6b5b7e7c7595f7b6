import { describe, expect, test } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { createWatchAccess } from '../../src/http/watch-access.ts'
import type { Scope } from '../../src/platform/database/tables.ts'
import { publicCaller } from '../../src/projects/public-caller.ts'

const callerOf = (projectId: string, ...scopes: Scope[]): Caller => ({ projectId, scopes, actor: { kind: 'API_KEY' } })
const sessionOf = (streamId: string): Caller => ({
  projectId: null,
  scopes: [],
  actor: { kind: 'SESSION' },
  session: { consumerId: 'consumer', streamId, projectId: 'own', expiresAt: 0 },
})
const keys = new Map([
  ['play', callerOf('own', 'PLAY')],
  ['read', callerOf('own', 'READ')],
  ['admin', callerOf('own', 'ADMIN')],
  ['write', callerOf('own', 'WRITE')],
  ['publish', callerOf('own', 'PUBLISH')],
  ['stranger', callerOf('other', 'ADMIN')],
  ['session', sessionOf('stream_1')],
  ['other-session', sessionOf('stream_2')],
])

const claims = { consumerId: 'consumer_1', projectId: 'own', expiresAt: 1 }
const sessions = new Map([
  ['weir_s_own', { ...claims, streamId: 'stream_1' }],
  ['weir_s_other', { ...claims, streamId: 'stream_3' }],
  ['weir_s_gone', { ...claims, streamId: 'stream_2' }],
])

/** What becomes of a request with this key (null: none) for this stream: its answer, or the code of the refusal. */
async function ask(
  publicPlayback: boolean,
  key: string | null,
  streamId = 'stream_1',
  isOpen = () => true,
): Promise<unknown> {
  const access = createWatchAccess({
    publicPlayback,
    isOpen,
    authenticate: async (given) => keys.get(given) ?? null,
    anonymous: () => publicCaller('own', false),
    readSessionToken: (token) => sessions.get(token) ?? null,
    find: async (id) => (id === 'stream_1' ? { projectId: 'own', maxConsumers: 3 } : null),
  })
  const headers = key === null ? undefined : { Authorization: `Bearer ${key}` }
  return access(new Request('http://weir.test/whep/x', { headers: headers ?? {} }), streamId).catch(
    (error) => error.code,
  )
}

describe('who may watch', () => {
  test.each([null, 'play', 'write', 'stranger'])(
    'everybody, with the key %s, while playback is public',
    async (key) => {
      expect(await ask(true, key)).toMatchObject({ projectId: 'own', maxConsumers: 3 })
    },
  )

  test.each([
    [null, 'NOT_FOUND'],
    ['stranger', 'NOT_FOUND'],
    ['write', { projectId: 'own', isPublic: false }],
    ['play', { projectId: 'own', isPublic: false }],
  ])('while playback is public, but not of its project, with the key %s: %j', async (key, answer) => {
    const given = await ask(true, key, 'stream_1', () => false)
    if (typeof answer === 'string') expect(given).toBe(answer)
    else expect(given).toMatchObject(answer)
  })

  test.each([
    [null, 'UNAUTHENTICATED'],
    ['unknown', 'UNAUTHENTICATED'],
    ['publish', 'FORBIDDEN'],
    ['stranger', 'NOT_FOUND'],
  ])('not the key %s while it is not: %s', async (key, code) => {
    expect(await ask(false, key)).toBe(code)
  })

  test.each(['play', 'read', 'write', 'admin'])("the project's own key with %s while it is not", async (key) => {
    expect(await ask(false, key)).toMatchObject({ projectId: 'own' })
  })

  test.each([true, false])("a session its own stream, and no other's (public: %s)", async (isPublic) => {
    expect(await ask(isPublic, 'session')).toMatchObject({ projectId: 'own', caller: { scopes: [] } })
    expect(await ask(isPublic, 'other-session')).toBe('NOT_FOUND')
  })

  test('nobody a stream that is not there, and a bad key is never taken for none', async () => {
    expect(await ask(true, null, 'stream_2')).toBe('NOT_FOUND')
    expect(await ask(false, 'admin', 'stream_2')).toBe('NOT_FOUND')
    expect(await ask(true, 'unknown')).toBe('UNAUTHENTICATED')
  })

  test.each([true, false])("a session's token that was altered is none (public: %s)", async (isPublic) => {
    expect(await ask(isPublic, 'weir_s_altered')).toBe('UNAUTHENTICATED')
  })
})
