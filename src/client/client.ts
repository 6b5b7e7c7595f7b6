import { Connection, type ConnectionStatus } from './connection.ts'
import { resumable } from './cursor.ts'
import { operationOf, type TypedDocument, textOf } from './document.ts'
import type { WeirError } from './errors.ts'
import { MessageQueue } from './queue.ts'
import { type HttpSettings, type RequestOptions, request } from './request.ts'
import { Subscription, type SubscriptionHandlers } from './subscription.ts'
import { Player, type Watch, type WatchOptions } from './watch/player.ts'

/** An API key or a session's token, or a function that is asked for one whenever it is needed. Null: as the public. */
export type Credential = string | null | (() => string | null | Promise<string | null>)

export interface ClientOptions {
  /** Of the server, e.g. `https://weir.example`; in a browser the page's own where it is left out. */
  url?: string
  key?: Credential
  /** In place of a key: the token of one session, with its few rights. */
  token?: Credential
  /** What to ask HTTP with; the platform's own where it is left out. */
  fetch?: typeof globalThis.fetch
  /** Needed where the platform has no WebSocket (Node.js 20): `ws`. */
  webSocketImpl?: unknown
  /** graphql's `print`, for documents that are trees without their text. */
  print?: (tree: never) => string
  /** Told what becomes of the WebSocket that all subscriptions share. */
  onConnection?: (status: ConnectionStatus) => void
}

export interface Client {
  /** One operation over HTTP. Rejects with a WeirError; what may safely be repeated is, a few times. */
  request<Data, Variables>(
    document: TypedDocument<Data, Variables> | string,
    ...rest: Rest<Variables, [options?: RequestOptions]>
  ): Promise<Data>
  /**
   * A subscription that goes on over breaks, on one WebSocket with all others: one of the log (`events`, `streamHealth`) after
   * what it was told last, every message once and in order; one of state from anew. Answers with the function that ends it.
   */
  subscribe<Data, Variables>(
    document: TypedDocument<Data, Variables> | string,
    variables: Variables,
    handlers: SubscriptionHandlers<Data>,
  ): () => void
  /** The same, to be read by `for await`: leaving the loop ends it. Who reads slowly stops the log, and loses nothing of it. */
  subscribe<Data, Variables>(
    document: TypedDocument<Data, Variables> | string,
    ...rest: Rest<Variables, []>
  ): AsyncIterableIterator<Data>
  /**
   * Plays a stream on a video element, in a browser, and keeps it playing: by mediasoup, WHEP or HLS, with heartbeats, over breaks of the network and
   * sleep. It begins at once.
   */
  watch(streamId: string, video: HTMLVideoElement, options?: WatchOptions): Watch
  /** Ends every subscription and the WebSocket, and stops what plays. */
  close(): void
}

/** Variables may be left out where there are none. */
type Rest<Variables, More extends unknown[]> =
  Record<string, never> extends Variables ? [variables?: Variables, ...More] : [variables: Variables, ...More]

/** Of any subscription, whatever it tells. */
type Stoppable = Pick<Subscription<never>, 'stop'>

/** So many messages wait for who reads by `for await`. */
const maxWaiting = 1000

export function createClient(options: ClientOptions = {}): Client {
  const base = options.url ?? globalThis.location?.origin
  if (!base) throw new TypeError('createClient needs the url of the server.')
  const url = new URL('/graphql', base)
  const credential = async () => {
    const given = options.key ?? options.token ?? null
    return typeof given === 'function' ? given() : given
  }
  const headers = async (): Promise<Record<string, string>> => {
    const key = await credential()
    return key === null ? {} : { Authorization: `Bearer ${key}` }
  }
  const http: HttpSettings = {
    url: url.href,
    headers,
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    print: options.print,
  }
  const subscriptions = new Set<Stoppable>()
  let connection: Connection | null = null
  /** What the socket of now was opened with. */
  let saidKey: string | undefined

  const socketUrl = new URL(url)
  socketUrl.protocol = url.protocol.replace('http', 'ws')

  const connect = () => {
    connection ??= new Connection({
      url: socketUrl.href,
      params: async () => {
        const params = await headers()
        saidKey = params.Authorization
        return params
      },
      webSocketImpl: options.webSocketImpl,
      ...(options.onConnection ? { onStatus: options.onConnection } : {}),
    })
    return connection
  }

  async function renewCredentials(): Promise<boolean> {
    const refused = saidKey
    const { Authorization: key } = await headers()
    if (key === refused) return false
    if (refused === saidKey) connection?.renew()
    return true
  }

  function start<Data>(
    document: TypedDocument<Data, never> | string,
    variables: unknown,
    handlers: SubscriptionHandlers<Data> & { onStop?: () => void },
  ): Subscription<Data> {
    const text = textOf(document, options.print)
    if (operationOf(text)?.kind !== 'subscription') throw new TypeError('This document is no subscription.')
    const log = resumable(text)
    const plan = {
      text: log?.text ?? text,
      variables: (variables ?? {}) as Record<string, unknown>,
      log,
      renewCredentials,
    }
    const subscription: Subscription<Data> = new Subscription<Data>(connect(), plan, {
      ...handlers,
      onError(error: WeirError) {
        subscriptions.delete(subscription)
        handlers.onError?.(error)
      },
      onEnd() {
        subscriptions.delete(subscription)
        handlers.onEnd?.()
      },
    })
    subscriptions.add(subscription)
    return subscription
  }

  function end(subscription: Stoppable): void {
    subscription.stop()
    subscriptions.delete(subscription)
  }

  function iterate<Data>(document: TypedDocument<Data, never> | string, variables: unknown) {
    const queue: MessageQueue<Data> = new MessageQueue<Data>({
      max: maxWaiting,
      onFull: () => subscription.pause(),
      onRoom: () => subscription.resume(),
      onReturn: () => end(subscription),
    })
    const subscription = start<Data>(document, variables, {
      onData: (data) => queue.push(data),
      onError: (error) => queue.fail(error),
      onEnd: () => queue.end(),
      onStop: () => queue.end(),
    })
    return queue
  }

  return {
    request: (document, ...[variables, requestOptions]) =>
      request(http, document as never, (variables ?? {}) as never, requestOptions ?? {}),
    subscribe: ((document: string, variables: unknown, handlers?: SubscriptionHandlers<unknown>) => {
      if (!handlers) return iterate(document, variables)
      const subscription = start(document, variables, handlers)
      return () => end(subscription)
    }) as Client['subscribe'],
    watch(streamId, video, watchOptions = {}) {
      const { headers: _, ...sessionHttp } = http
      const host = {
        base,
        link: { http: sessionHttp, webSocketUrl: socketUrl.href, webSocketImpl: options.webSocketImpl },
        request: <Data, Variables>(document: TypedDocument<Data, Variables>, variables: Variables) =>
          request(http, document, variables, {}),
        headers,
        hasCredential: (options.key ?? options.token ?? null) !== null,
      }
      const player = new Player(host, streamId, video, watchOptions)
      subscriptions.add(player)
      return player
    },
    close() {
      for (const subscription of subscriptions) subscription.stop()
      subscriptions.clear()
      connection?.close()
      connection = null
    },
  }
}
