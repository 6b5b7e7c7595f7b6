import type { Context } from 'graphql-ws'
import type { Caller } from '../caller.ts'
import type { Heartbeats } from '../heartbeats/service.ts'
import { isSessionToken } from '../heartbeats/tokens.ts'
import type { Rates } from '../limits/rates.ts'
import type { ObserveRequest } from '../platform/metrics/api-metrics.ts'
import { type Credentials, type IdentifyDeps, identify, sessionCaller } from './graphql-admit.ts'
import { maxOperationsPerSocket, type SocketExtra } from './graphql-ws-socket.ts'
import { isObject } from './heartbeat-input.ts'
import type { FindPlan, HeartbeatPlan, PlannedAnswer } from './heartbeat-plan.ts'
import { textFrames } from './websocket-frames.ts'

export interface HeartbeatMessageDeps extends IdentifyDeps {
  findPlan: FindPlan
  heartbeats: Heartbeats
  observe?: ObserveRequest
  /** Bounds heartbeats alone. */
  rates?: Pick<Rates, 'mayBeat'>
  /** ms since the epoch. */
  now: () => number
}

/** A socket that has been let in. */
export interface AdmittedSocket {
  context: Context<Record<string, unknown>, SocketExtra>
  credentials: Credentials
  /** Whom its key or token stands for, once that was read; `until` in ms since the epoch. */
  known: { key: string; caller: Caller; until: number } | null
}

/** Looks at a message before graphql-ws does; `pass` hands it on, at once or later. */
export type LookAtMessage = (socket: AdmittedSocket, data: Buffer, pass: () => void) => void

/** What a client leaves unread before its heartbeats go the usual way, which waits for it. */
const maxUnreadBytes = 64 * 1024
/** Together with the time for which a looked up key is remembered, a revocation takes effect within 5 s. */
const keyGoodForMs = 1000
const marker = Buffer.from('recordHeartbeat')

/**
 * Heartbeats over WebSocket without graphql-ws and Yoga: the same frames as theirs for a `subscribe` that is nothing but a heartbeat and is good. Next and
 * complete, and those of all messages that were read together, leave in one write.
 */
export function heartbeatMessages(deps: HeartbeatMessageDeps): LookAtMessage {
  const { findPlan, heartbeats, observe, now, rates } = deps

  function callerOf(socket: AdmittedSocket): Caller | Promise<Caller> {
    const { credentials, known } = socket
    const { key } = credentials
    if (key === null) return identify(deps, credentials)
    if (known?.key === key && known.until > now()) return known.caller
    if (isSessionToken(key)) {
      const anonymous = deps.anonymous()
      if (anonymous instanceof Promise) return identify(deps, credentials)
      const caller = sessionCaller(deps, anonymous, key)
      socket.known = { key, caller, until: caller.session!.expiresAt }
      return caller
    }
    return identify(deps, credentials).then((caller) => {
      socket.known = { key, caller, until: now() + keyGoodForMs }
      return caller
    })
  }

  function send(admitted: AdmittedSocket, id: string, answer: PlannedAnswer, plan: HeartbeatPlan, at: number): void {
    const { request } = admitted.context.extra
    if (answer.token !== null) admitted.credentials.key = answer.token
    const idText = JSON.stringify(id)
    const next = `{"id":${idText},"type":"next","payload":${answer.text}}`
    const complete = `{"id":${idText},"type":"complete"}`
    // Not by ws, which makes two writes of each frame.
    if (request.socket.writableCorked === 0) {
      request.socket.cork()
      process.nextTick(() => request.socket.uncork())
    }
    request.socket.write(textFrames([next, complete]))
    const seconds = (performance.now() - at) / 1000
    observe?.({ endpoint: plan.endpoint, method: 'websocket', statusCode: 200, seconds })
  }

  /** The answer to a message, as far as it is one; null where it is to be passed on. */
  function answer(admitted: AdmittedSocket, { payload }: Subscribe) {
    const plan = findPlan(payload.query, payload.operationName)
    if (!plan) return null
    const caller = callerOf(admitted)
    const answerTo = (known: Caller) =>
      rates?.mayBeat(known) === false ? null : plan.answer(heartbeats, known, payload.variables)
    const answer = caller instanceof Promise ? caller.then(answerTo) : answerTo(caller)
    return answer && { plan, answer }
  }

  return (admitted, data, pass) => {
    const { context } = admitted
    if (!context.acknowledged || !data.includes(marker)) return pass()
    const at = performance.now()
    try {
      const message = subscribeOf(data)
      if (!message || isBusy(context, message.id)) return pass()
      const { id } = message
      const found = answer(admitted, message)
      if (!found) return pass()
      const { plan } = found
      if (!(found.answer instanceof Promise)) return send(admitted, id, found.answer, plan, at)
      // As graphql-ws does: it counts as open meanwhile, and a client that ends it is told nothing.
      context.subscriptions[id] = null
      const over = (late: PlannedAnswer | null) => {
        if (!(id in context.subscriptions)) return
        delete context.subscriptions[id]
        if (late) send(admitted, id, late, plan, at)
        else pass()
      }
      found.answer.then(over, () => over(null))
    } catch {
      // No JSON, no good token: told in the usual way.
      pass()
    }
  }
}

interface Subscribe {
  id: string
  payload: { query?: unknown; operationName?: unknown; variables?: unknown }
}

/** A `subscribe` with nothing unusual in it; null for everything else. Throws where it is no JSON. */
function subscribeOf(data: Buffer): Subscribe | null {
  const message: unknown = JSON.parse(data.toString())
  if (!isObject(message) || message.type !== 'subscribe' || typeof message.id !== 'string' || !message.id) return null
  const { id, payload } = message
  if (!isObject(payload)) return null
  for (const name in payload) if (name !== 'query' && name !== 'variables' && name !== 'operationName') return null
  return { id, payload }
}

/** Too much is under way on this socket, or the same already: graphql-ws knows what then. */
function isBusy({ subscriptions, extra: { socket } }: AdmittedSocket['context'], id: string): boolean {
  if (id in subscriptions || Object.keys(subscriptions).length >= maxOperationsPerSocket) return true
  return socket.readyState !== socket.OPEN || socket.bufferedAmount > maxUnreadBytes
}
