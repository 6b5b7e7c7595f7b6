import { Connection } from '../connection.ts'
import type { TypedDocument } from '../document.ts'
import { unavailable, WeirError } from '../errors.ts'
import type { RecordHeartbeatMutation, WatchConsumerSubscription } from '../operations/generated/graphql.ts'
import { closeConsumer, recordHeartbeat, watchConsumer } from '../operations/sessions.ts'
import { type HttpSettings, type RequestOptions, request } from '../request.ts'
import { Subscription } from '../subscription.ts'
import { statsOf } from './figures.ts'
import type { CloseReason, PlayerFigures } from './model.ts'

export interface LinkSettings {
  http: Omit<HttpSettings, 'headers'>
  webSocketUrl: string
  webSocketImpl: unknown
  /** The server has closed the session. */
  onClosed: (closeReason: CloseReason | null, message: string | null) => void
}

export type HeartbeatAnswer = NonNullable<RecordHeartbeatMutation['recordHeartbeat']>

const beatMs = 4000

/**
 * A session's own line to the server, by its token alone: heartbeats go there, and it is told at once when the session is closed.
 * Where no WebSocket goes through, heartbeats go by HTTP.
 */
export class SessionLink {
  readonly consumerId: string
  readonly #settings: LinkSettings
  readonly #connection: Connection
  readonly #subscription: Subscription<WatchConsumerSubscription>
  #token: string

  constructor(consumerId: string, token: string, settings: LinkSettings) {
    this.consumerId = consumerId
    this.#token = token
    this.#settings = settings
    this.#connection = new Connection({
      url: settings.webSocketUrl,
      params: async () => ({ Authorization: `Bearer ${this.#token}` }),
      webSocketImpl: settings.webSocketImpl,
    })
    const plan = {
      text: String(watchConsumer),
      variables: { id: consumerId },
      log: null,
      renewCredentials: async () => false,
    }
    this.#subscription = new Subscription<WatchConsumerSubscription>(this.#connection, plan, {
      onData({ node }) {
        if ('state' in node && node.state === 'CLOSED') settings.onClosed(node.closeReason, node.closeMessage)
      },
    })
  }

  /** From now on the session goes by this token. */
  renew(token: string): void {
    if (token === this.#token) return
    this.#token = token
    this.#connection.renew()
  }

  /** Rejects with a WeirError. */
  async beat(figures: PlayerFigures): Promise<HeartbeatAnswer> {
    const variables = { consumerId: this.consumerId, stats: statsOf(figures) }
    const answer = await this.#connection
      .ask({ query: String(recordHeartbeat), variables }, beatMs)
      .catch((error: unknown) => {
        if (error instanceof WeirError && error.code !== 'UNAVAILABLE') throw error
        return sessionRequest(this.#settings.http, this.#token, recordHeartbeat, variables)
      })
    const { recordHeartbeat: beat } = answer as RecordHeartbeatMutation
    if (!beat) throw unavailable()
    return beat
  }

  close(): void {
    this.#subscription.stop()
    this.#connection.close()
  }
}

/** Asks by a session's token. */
export function sessionRequest<Data, Variables>(
  http: Omit<HttpSettings, 'headers'>,
  token: string,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  options: RequestOptions = {},
): Promise<Data> {
  const headers = async () => ({ Authorization: `Bearer ${token}` })
  return request({ ...http, headers }, document, variables, options)
}

/** Its place is free at once; what fails here the time-out does. */
export function sayGoodbye(http: Omit<HttpSettings, 'headers'>, consumerId: string, token: string): void {
  sessionRequest(http, token, closeConsumer, { id: consumerId }, { keepalive: true }).catch(() => {})
}
