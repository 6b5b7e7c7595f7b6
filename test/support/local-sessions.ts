import type { LocalSessions, SessionMethods, SessionNotice, SessionRef } from '../../src/consumers/media.ts'
import { WeirError } from '../../src/errors.ts'

const idOf = ({ consumerId, incarnation }: SessionRef) => `${consumerId} ${incarnation}`
const refOf = ({ consumerId, incarnation }: SessionRef) => ({ consumerId, incarnation })

/** The sessions of a node without the media: which transports there are, as the port says, and nothing that flows. */
export function createLocalSessions() {
  const here = new Map<string, SessionRef>()
  const listeners = new Set<(notice: SessionNotice) => void>()
  const asked: string[] = []
  /** What the next opening throws. */
  const faults: WeirError[] = []

  function open(body: SessionRef) {
    const fault = faults.shift()
    if (fault) throw fault
    for (const [id, ref] of here) if (ref.consumerId === body.consumerId) here.delete(id)
    here.set(idOf(body), refOf(body))
  }
  function find(body: SessionRef) {
    if (!here.has(idOf(body))) throw new WeirError('NOT_FOUND', 'The session is not here.')
  }
  const say = (ref: SessionRef, what: SessionNotice['what']) => {
    for (const listener of listeners) listener({ ...refOf(ref), what, at: Date.now() })
  }

  const methods: SessionMethods = {
    async openTransport(body) {
      open(body)
      const transportOptions = { id: idOf(body), iceParameters: {}, iceCandidates: [], dtlsParameters: {} }
      return { routerRtpCapabilities: { codecs: [] }, transportOptions: transportOptions as never }
    },
    async openWhep(body) {
      open(body)
      return { answer: `answer to ${body.offer}`, etag: idOf(body) }
    },
    async consume(body) {
      find(body)
      return []
    },
    async connect(body) {
      find(body)
      say(body, 'CONNECTED')
    },
    async setPaused(body) {
      find(body)
      say(body, body.paused ? 'PAUSED' : 'RESUMED')
    },
    async restartIce(body) {
      find(body)
      return { usernameFragment: 'u', password: 'p' }
    },
    async patchWhep(body) {
      find(body)
      return null
    },
    async close(body) {
      asked.push(`close ${idOf(body)}`)
      return here.delete(idOf(body))
    },
    async sessionFigures({ consumerIds }) {
      return [...here.values()]
        .filter(({ consumerId }) => consumerIds.includes(consumerId))
        .map(({ consumerId }) => ({
          ...{ consumerId, bitrateBps: 1000, bytesSent: null, packetsLost: 0, roundTripMs: null },
          ...{ tracks: [], measuredAt: Date.now() },
        }))
    },
  }
  const local: LocalSessions = {
    list: () => [...here.values()],
    close: (ref) => methods.close(ref),
    onNotice(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return { methods, local, say, asked, faults, here }
}
