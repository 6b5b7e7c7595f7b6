import { createHash } from 'node:crypto'
import type { TypedDocumentString } from '../../src/client/generated/graphql.ts'
import type { CloseReason } from '../../src/consumers/model.ts'
import { GraphqlClient, type GraphqlError } from './graphql-client.ts'
import * as documents from './player-documents.ts'

/** What a session has to be, as its driver knows from what it did. */
export interface ModelSession {
  id: string
  token: string
  /** Null: open. */
  closed: { reason: CloseReason; message: string | null } | null
  /** It sends nothing any more, and nobody does for it: it is to be closed for that. */
  vanished: boolean
}

export interface DriverSettings {
  url: string
  adminKey: string
  streamId: string
  random: () => number
}

export type Operation =
  | 'heartbeat'
  | 'pause'
  | 'resume'
  | 'restartIce'
  | 'close'
  | 'force'
  | 'reopen'
  | 'vanish'
  | 'garbage'

/** How often each is drawn, of all together. */
const weights: Record<Operation, number> = {
  heartbeat: 24,
  pause: 14,
  resume: 14,
  restartIce: 6,
  close: 10,
  force: 8,
  reopen: 8,
  vanish: 6,
  garbage: 10,
}

/** Plays sessions of mediasoup's signalling by the public API, and holds every answer against what the model says. */
export class SessionDriver {
  readonly sessions: ModelSession[] = []
  readonly done = new Map<Operation | 'open', number>()
  /** Of a real browser. */
  rtpCapabilities: object = {}
  readonly #settings: DriverSettings
  readonly #admin: GraphqlClient

  constructor(settings: DriverSettings) {
    this.#settings = settings
    this.#admin = new GraphqlClient(`${settings.url}/graphql`, settings.adminKey)
  }

  /** What the stream's router has: of a session that is opened for it, and closed. */
  async routerRtpCapabilities(): Promise<object> {
    const input = { streamId: this.#settings.streamId, clientId: 'asks', protocol: 'MEDIASOUP' as const }
    const { openConsumer } = await this.#admin.request(documents.OpenTestSession, { input })
    const { token, consumer, routerRtpCapabilities } = openConsumer!
    const session: ModelSession = { id: consumer.id, token, closed: null, vanished: false }
    this.sessions.push(session)
    await this.#onOpen(session, 'close')
    return routerRtpCapabilities!
  }

  open(): ModelSession[] {
    return this.sessions.filter(({ closed }) => closed === null)
  }

  /** Opens one and takes every step of a player, up to media that may flow. */
  async openOne(name: string): Promise<ModelSession> {
    const { rtpCapabilities } = this
    const { streamId, random } = this.#settings
    // A player that knows what it takes may say so at once.
    const atOnce = random() < 0.5
    const input = { streamId, clientId: name, protocol: 'MEDIASOUP' as const }
    const { openConsumer } = await this.#admin.request(documents.OpenTestSession, {
      input: atOnce ? { ...input, rtpCapabilities } : input,
    })
    const { token, consumer, tracks } = openConsumer!
    const session: ModelSession = { id: consumer.id, token, closed: null, vanished: false }
    this.sessions.push(session)
    if (atOnce && tracks.length === 0) throw new Error('opened with capabilities, but without tracks')
    await this.#connect(session, !atOnce)
    this.#count('open')
    return session
  }

  async #connect(session: ModelSession, consume: boolean): Promise<void> {
    const player = this.#player(session)
    const { rtpCapabilities } = this
    if (consume) {
      const { consume: tracks } = await player.request(documents.ConsumeTestSession, {
        id: session.id,
        rtpCapabilities,
      })
      if (!tracks?.length) throw new Error('nothing to consume')
    }
    await player.request(documents.ConnectTestSession, {
      id: session.id,
      dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: fingerprintOf(session.id) }] },
    })
  }

  /** One step of one session, drawn by chance. */
  async act(session: ModelSession): Promise<void> {
    if (session.vanished) return
    const operation = this.#draw()
    this.#count(operation)
    if (session.closed) await this.#onClosed(session, operation)
    else await this.#onOpen(session, operation)
  }

  async #onOpen(session: ModelSession, operation: Operation): Promise<void> {
    const { id } = session
    const player = this.#player(session)
    switch (operation) {
      case 'heartbeat': {
        const { recordHeartbeat } = await player.request(documents.BeatTestSession, { id })
        must(recordHeartbeat?.accepted === true, 'the heartbeat of an open session is accepted', recordHeartbeat)
        if (recordHeartbeat!.token !== null) session.token = recordHeartbeat!.token
        return
      }
      case 'pause':
        await player.request(documents.PauseTestSession, { id, kinds: this.#maybe(['VIDEO' as const]) })
        return
      case 'resume':
        await player.request(documents.ResumeTestSession, { id, kinds: this.#maybe(['VIDEO' as const]) })
        return
      case 'restartIce':
        await player.request(documents.RestartTestSessionIce, { id })
        return
      case 'close': {
        const { closeConsumer } = await player.request(documents.CloseTestSession, { id, reason: null })
        must(closeConsumer?.closeReason === 'CLIENT', 'a player that says goodbye is closed as one', closeConsumer)
        session.closed = { reason: 'CLIENT', message: null }
        return
      }
      case 'force': {
        const message = `out with ${id.slice(-4)}`
        const { closeConsumer } = await this.#admin.request(documents.CloseTestSession, { id, reason: message })
        must(closeConsumer?.closeReason === 'FORCED', 'a key closes by force', closeConsumer)
        session.closed = { reason: 'FORCED', message }
        return
      }
      case 'reopen': {
        const { reopenConsumer } = await player.request(documents.ReopenTestSession, { id, rtpCapabilities: null })
        must(reopenConsumer?.consumer.id === id, 'a session is opened again under its id', reopenConsumer)
        session.token = reopenConsumer!.token
        await this.#connect(session, true)
        return
      }
      case 'vanish':
        session.vanished = true
        return
      case 'garbage':
        return this.#garbage(session)
    }
  }

  /** Of a closed one nothing works, and why it is closed is told. */
  async #onClosed({ id, token, closed }: ModelSession, operation: Operation): Promise<void> {
    const player = new GraphqlClient(`${this.#settings.url}/graphql`, token)
    const { rtpCapabilities } = this
    if (operation === 'heartbeat' || operation === 'garbage') {
      const { recordHeartbeat } = await player.request(documents.BeatTestSession, { id })
      must(
        recordHeartbeat?.accepted === false &&
          recordHeartbeat.refusal === 'CLOSED' &&
          recordHeartbeat.closeReason === closed!.reason &&
          recordHeartbeat.closeMessage === closed!.message,
        `a heartbeat is told that the session is closed as ${JSON.stringify(closed)}`,
        recordHeartbeat,
      )
    } else if (operation === 'close' || operation === 'force') {
      const { closeConsumer } = await this.#admin.request(documents.CloseTestSession, { id, reason: 'too late' })
      must(closeConsumer?.closeReason === closed!.reason, 'a closed session stays closed as it was', closeConsumer)
      must(closeConsumer?.closeMessage === closed!.message, 'and with its message', closeConsumer)
    } else if (operation === 'reopen') {
      await refused(player, documents.ReopenTestSession, { id, rtpCapabilities }, 'INVALID_STATE')
    } else {
      await refused(player, documents.ConsumeTestSession, { id, rtpCapabilities }, 'INVALID_STATE')
    }
  }

  /** What no player should send: each refused by its code. The session and all others stay as they are. */
  async #garbage(session: ModelSession): Promise<void> {
    const { random, url } = this.#settings
    const { id } = session
    const player = this.#player(session)
    const other = this.sessions[Math.floor(random() * this.sessions.length)]!
    const fingerprint = (value: string) => ({ fingerprints: [{ algorithm: 'sha-256', value }] })
    switch (Math.floor(random() * 6)) {
      case 0:
        return refused(
          player,
          documents.ConnectTestSession,
          { id, dtlsParameters: fingerprint('xx:yy') },
          'BAD_USER_INPUT',
        )
      case 1:
        return refused(
          player,
          documents.ConnectTestSession,
          { id, dtlsParameters: fingerprint(fingerprintOf('another')) },
          'CONFLICT',
        )
      case 2:
        return refused(
          player,
          documents.ConsumeTestSession,
          { id, rtpCapabilities: { codecs: 'all' } },
          'BAD_USER_INPUT',
        )
      case 3:
        if (other.id === id) return
        await refused(player, documents.PauseTestSession, { id: other.id, kinds: null }, 'NOT_FOUND')
        return refused(player, documents.CloseTestSession, { id: other.id, reason: null }, 'NOT_FOUND')
      case 4: {
        const altered = new GraphqlClient(`${url}/graphql`, alteredToken(session.token, random))
        return refused(altered, documents.CloseTestSession, { id, reason: null }, 'UNAUTHENTICATED')
      }
      default:
        return refused(player, documents.CloseTestSession, { id: 'cons_garbage', reason: null }, 'BAD_USER_INPUT')
    }
  }

  /** A gateway's heartbeats for all that are open and have not vanished, a thousand at a time. */
  async beatAll(): Promise<void> {
    const wanted = this.sessions.filter(({ closed, vanished }) => !closed && !vanished)
    for (let from = 0; from < wanted.length; from += 1000) {
      const heartbeats = wanted.slice(from, from + 1000).map(({ id }) => ({ consumerId: id }))
      await this.#admin.request(documents.BeatTestSessions, { heartbeats })
    }
  }

  #player({ token }: ModelSession): GraphqlClient {
    return new GraphqlClient(`${this.#settings.url}/graphql`, token)
  }

  #draw(): Operation {
    const all = Object.entries(weights) as [Operation, number][]
    let left = this.#settings.random() * all.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [operation, weight] of all) {
      left -= weight
      if (left < 0) return operation
    }
    return 'heartbeat'
  }

  #maybe<T>(value: T): T | null {
    return this.#settings.random() < 0.5 ? value : null
  }

  #count(operation: Operation | 'open'): void {
    this.done.set(operation, (this.done.get(operation) ?? 0) + 1)
  }
}

/** Works through a list, so many at a time. */
export async function together<T>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

/** A fingerprint as DTLS has them, always the same for one name. */
export function fingerprintOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex').toUpperCase()
  return hex.match(/../g)!.join(':')
}

/** The token with one character of it another. */
export function alteredToken(token: string, random: () => number): string {
  const at = 'weir_s_'.length + Math.floor(random() * (token.length - 'weir_s_'.length))
  return token.slice(0, at) + (token[at] === '1' ? '2' : '1') + token.slice(at + 1)
}

/** Throws unless it is refused with this code. */
export async function refused<Data, Variables>(
  client: GraphqlClient,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  code: NonNullable<GraphqlError['extensions']>['code'],
): Promise<void> {
  const { data, errors } = await client.answer(document, variables)
  must(
    errors.length > 0 && errors.every(({ extensions }) => extensions?.code === code),
    `refused with ${code}: ${document.toString().trim().split('\n')[0]}`,
    { data, errors },
  )
}

function must(isSo: boolean, what: string, found: unknown): void {
  if (!isSo) throw new Error(`${what}, but: ${JSON.stringify(found)}`)
}
