import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConsumerState } from '../../../src/consumers/model.ts'
import { noticesOf, phaseOf, type SessionPhase } from '../../../src/media/mediasoup/session-phase.ts'

const seen = fc.record({ dtlsConnected: fc.boolean(), iceUp: fc.boolean(), paused: fc.boolean() })

/** What a session is to who hears the notices and nothing else. */
const stateAfter = {
  CONNECTED: 'CONNECTED',
  RESUMED: 'CONNECTED',
  PAUSED: 'PAUSED',
  DISCONNECTED: 'STALE',
} as const satisfies Record<string, ConsumerState>
const stateOf = {
  NEW: 'NEW',
  CONNECTED: 'CONNECTED',
  PAUSED: 'PAUSED',
  DISCONNECTED: 'STALE',
} as const satisfies Record<SessionPhase, ConsumerState>

test('whoever hears the notices knows how the session stands, whatever happens to it', () => {
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 30 }), (history) => {
      let phase: SessionPhase = 'NEW'
      let known: ConsumerState = 'NEW'
      let connected = false
      for (const now of history) {
        // DTLS does not come undone: it ends the session.
        connected ||= now.dtlsConnected
        const next = phaseOf({ ...now, dtlsConnected: connected })
        for (const what of noticesOf(phase, next)) {
          if (what === 'ENDED') throw new Error('nothing has ended')
          if (what === 'PAUSED' || what === 'RESUMED') expect(['CONNECTED', 'PAUSED']).toContain(known)
          known = stateAfter[what]
        }
        phase = next
        expect(known).toBe(stateOf[phase])
      }
    }),
  )
})

test('what has not changed is not told', () => {
  for (const phase of ['NEW', 'CONNECTED', 'PAUSED', 'DISCONNECTED'] as const) {
    expect(noticesOf(phase, phase)).toEqual([])
  }
})
