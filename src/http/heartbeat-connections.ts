import type { Socket } from 'node:net'
import {
  answerHeaders,
  type Exchange,
  givenHeaders,
  type HeartbeatExchangeDeps,
  type HeartbeatHeaders,
  judgeHeartbeat,
  requestIdOf,
  tellOfAnswer,
} from './heartbeat-exchange.ts'
import { type HeartbeatRequest, readHeartbeatRequest } from './heartbeat-head.ts'
import type { HeartbeatPlan } from './heartbeat-plan.ts'

/** What a server lets a reader of its connections know, and wants to know of it. */
export interface ConnectionTerms {
  /** Hands the connection over, for good, with all bytes that have not been answered back in it. */
  pass(): void
  /** One more answer (1) is under way on the connection, or one less (-1). */
  add(change: 1 | -1): void
  isClosing(): boolean
  /** In which the first byte has to arrive. */
  firstByteMs: number
  /** For which a connection may be silent after an answer, as the answer says. */
  keepAliveMs: number
}

/** Reads a new connection before node:http does. */
export type ReadConnection = (socket: Socket, terms: ConnectionTerms) => void

/** A little longer than said, as node:http does: what is sent at the last moment still finds it open. */
const keepAliveBufferMs = 1000

/**
 * Heartbeats over HTTP without node:http, which takes longer for one than all the rest: each piece that comes over a connection is answered here while it is exactly one
 * whole plain heartbeat (heartbeat-head.ts) and a good one. With the first that isn't, the connection is node:http's, from that piece on and for good. So
 * nothing is ever kept here of a request that isn't whole, and all that is doubtful about one is judged in one place.
 */
export function heartbeatConnections(deps: HeartbeatExchangeDeps): ReadConnection {
  const dateLine = dateLines()
  const given = givenHeaders(deps)

  return (socket, terms) => {
    const { keepAliveMs } = terms
    const connectionLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`
    let isFirst = true

    const onData = (chunk: Buffer) => {
      if (!take(chunk)) handOver(chunk)
    }

    /** False where it is not one to answer here. */
    function take(chunk: Buffer): boolean {
      const at = performance.now()
      const request = terms.isClosing() ? null : readHeartbeatRequest(chunk)
      const found = request && judge(request)
      if (!found) return false
      if (isFirst) socket.setTimeout(keepAliveMs + keepAliveBufferMs)
      isFirst = false
      const { plan, answer } = found
      if (!(answer instanceof Promise)) {
        respond(request.headers, answer.text, plan, at)
        return true
      }
      // What comes meanwhile waits for its turn.
      socket.pause()
      terms.add(1)
      const over = (late: { text: string } | null) => {
        if (late) respond(request.headers, late.text, plan, at)
        else handOver(chunk)
        // Where it was handed over, node:http sees it only now.
        setImmediate(() => terms.add(-1))
      }
      answer.then(over, () => over(null))
      return true
    }

    function judge({ headers, body }: HeartbeatRequest): Exchange | null {
      try {
        return judgeHeartbeat(deps, headers, socket.remoteAddress ?? null, body)
      } catch {
        // No JSON, no good token: told in the usual way.
        return null
      }
    }

    function respond(headers: HeartbeatHeaders, text: string, plan: HeartbeatPlan, at: number): void {
      const requestId = requestIdOf(deps, headers)
      const length = Buffer.byteLength(text)
      let head = 'HTTP/1.1 200 OK\r\n'
      const pairs = answerHeaders(given, headers, requestId, length)
      for (let i = 0; i < pairs.length; i += 2) head += `${pairs[i]}: ${pairs[i + 1]}\r\n`
      head += dateLine() + connectionLines
      socket.write(head + text, length === text.length ? 'latin1' : 'utf8')
      tellOfAnswer(deps, { plan, requestId, at })
      // Who does not read its answers is not read either.
      if (socket.writableNeedDrain) socket.pause().once('drain', () => socket.resume())
      else if (socket.isPaused()) socket.resume()
    }

    function handOver(chunk: Buffer): void {
      socket.off('data', onData).off('end', onEnd).off('timeout', onTimeout).off('error', onError)
      if (socket.destroyed) return
      socket.setTimeout(0)
      socket.pause()
      socket.unshift(chunk)
      terms.pass()
      socket.resume()
    }

    const onEnd = () => socket.end()
    const onError = () => socket.destroy()
    const onTimeout = () => {
      if (!isFirst) return socket.destroy()
      socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
      socket.destroySoon()
    }
    socket.on('data', onData).on('end', onEnd).on('timeout', onTimeout).on('error', onError)
    socket.setTimeout(terms.firstByteMs)
  }
}

/** The line is the same for a second. */
function dateLines(): () => string {
  let second = Number.NaN
  let line = ''
  return () => {
    const now = Date.now()
    const current = Math.floor(now / 1000)
    if (current !== second) {
      second = current
      line = `Date: ${new Date(now).toUTCString()}\r\n`
    }
    return line
  }
}
