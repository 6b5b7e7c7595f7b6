import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SessionNotice } from '../../src/consumers/media.ts'
import { consumerProtocols, consumerStates } from '../../src/consumers/model.ts'
import { afterNotices, type NoticedSession } from '../../src/consumers/transitions.ts'

const what = fc.constantFrom<SessionNotice['what']>('CONNECTED', 'PAUSED', 'RESUMED', 'DISCONNECTED', 'ENDED')
const session = fc.record<NoticedSession>({
  state: fc.constantFrom(...consumerStates),
  protocol: fc.constantFrom(...consumerProtocols),
  incarnation: fc.integer({ min: 1, max: 3 }),
  mediaNodeId: fc.constantFrom('node_a', 'node_b', null),
  streamDeleted: fc.boolean(),
  streamStopped: fc.boolean(),
})
const notices = fc.array(fc.record({ what, incarnation: fc.integer({ min: 1, max: 3 }) }), { maxLength: 8 })

const open: NoticedSession = {
  state: 'NEW',
  protocol: 'MEDIASOUP',
  incarnation: 1,
  mediaNodeId: 'node_a',
  streamDeleted: false,
  streamStopped: false,
}
const after = (changes: Partial<NoticedSession>, ...said: SessionNotice['what'][]) =>
  afterNotices(
    { ...open, ...changes },
    'node_a',
    said.map((each) => ({ what: each, incarnation: 1 })),
  )

test('what is closed, elsewhere, or about an earlier transport, changes nothing', () => {
  fc.assert(
    fc.property(session, notices, (given, said) => {
      const verdict = afterNotices(given, 'node_a', said)
      if (given.state === 'CLOSED' || given.mediaNodeId !== 'node_a') expect(verdict).toBeNull()
      const current = said.filter(({ incarnation }) => incarnation === given.incarnation)
      expect(afterNotices(given, 'node_a', current)).toEqual(verdict)
      if (current.length === 0) expect(verdict).toBeNull()
    }),
  )
})

test('a batch says the same as its notices one by one, and a reason is there exactly where it is closed', () => {
  fc.assert(
    fc.property(session, notices, (given, said) => {
      const verdict = afterNotices(given, 'node_a', said)
      let current = given
      let reason = null
      for (const each of said) {
        const step = afterNotices(current, 'node_a', [each])
        if (step) current = { ...current, state: step.state }
        reason = step?.reason ?? reason
      }
      expect(current.state).toBe(verdict?.state ?? given.state)
      expect(verdict?.reason ?? null).toBe(reason)
      if (verdict) expect(verdict.reason !== null).toBe(verdict.state === 'CLOSED')
    }),
  )
})

test('the life of a session', () => {
  expect(after({}, 'CONNECTED')).toEqual({ state: 'CONNECTED', reason: null })
  expect(after({}, 'CONNECTED', 'PAUSED')).toEqual({ state: 'PAUSED', reason: null })
  expect(after({ state: 'PAUSED' }, 'RESUMED')).toEqual({ state: 'CONNECTED', reason: null })
  expect(after({ state: 'CONNECTED' }, 'DISCONNECTED')).toEqual({ state: 'STALE', reason: null })
  expect(after({ state: 'STALE' }, 'CONNECTED')).toEqual({ state: 'CONNECTED', reason: null })
  expect(after({ state: 'PAUSED' }, 'CONNECTED')).toBeNull()
})

test('why it ended', () => {
  expect(after({}, 'ENDED')).toEqual({ state: 'CLOSED', reason: 'TRANSPORT_FAILED' })
  expect(after({}, 'CONNECTED', 'ENDED')).toEqual({ state: 'CLOSED', reason: 'CLIENT' })
  expect(after({ streamStopped: true }, 'ENDED')).toEqual({ state: 'CLOSED', reason: 'STREAM_STOPPED' })
  const deleted = { streamStopped: true, streamDeleted: true }
  expect(after({ ...deleted, state: 'CONNECTED' }, 'DISCONNECTED')).toEqual({
    state: 'CLOSED',
    reason: 'STREAM_DELETED',
  })
})
