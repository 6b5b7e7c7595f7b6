import { isAscii } from 'node:buffer'
import type { Socket } from 'node:net'
import {
  answerHeaders,
  givenHeaders,
  type HeartbeatExchangeDeps,
  type HeartbeatHeaders,
  judgeHeartbeat,
  requestIdOf,
  tellOfAnswer,
} from './heartbeat-exchange.ts'
import { readHeartbeatText } from './heartbeat-head.ts'
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
    let isFirst = true

    function onData(chunk: Buffer): void {
      const at = performance.now()
      const request = !terms.isClosing() && isAscii(chunk) ? readHeartbeatText(chunk.toString('latin1')) : null
      if (!request) return handOver(chunk)
      try {
        const found = judgeHeartbeat(deps, request.headers, socket.remoteAddress ?? null, request.body)
        if (!found) return handOver(chunk)
        const { plan, answer } = found
        if (!(answer instanceof Promise)) return respond(request.headers, answer.text, plan, at)
        // What comes meanwhile waits for its turn.
        socket.pause()
        terms.add(1)
        const over = (late: { text: string } | null) => {
          if (late) respond(request.headers, late.text, plan, at)
          else handOver(chunk)
          terms.add(-1)
          socket.resume()
        }
        answer.then(over, () => over(null))
      } catch {
        // No JSON, no good token: told in the usual way.
        handOver(chunk)
      }
    }

    function respond(headers: HeartbeatHeaders, text: string, plan: HeartbeatPlan, at: number): void {
      const requestId = requestIdOf(deps, headers)
      const length = Buffer.byteLength(text)
      let head = 'HTTP/1.1 200 OK\r\n'
      const pairs = answerHeaders(given, headers, requestId, length)
      for (let i = 0; i < pairs.length; i += 2) head += `${pairs[i]}: ${pairs[i + 1]}\r\n`
      head += `${dateLine()}Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(terms.keepAliveMs / 1000)}\r\n\r\n`
      if (!socket.write(head + text, length === text.length ? 'latin1' : 'utf8')) {
        socket.pause()
        socket.once('drain', () => socket.resume())
      }
      if (isFirst) socket.setTimeout(terms.keepAliveMs + keepAliveBufferMs)
      isFirst = false
      tellOfAnswer(deps, { plan, requestId, at })
    }

    function handOver(chunk: Buffer): void {
      stop()
      socket.pause()
      socket.unshift(chunk)
      terms.pass()
      socket.resume()
    }

    function stop(): void {
      socket.off('data', onData).off('end', onEnd).off('timeout', onTimeout).off('error', onError)
      socket.setTimeout(0)
    }

    const onEnd = () => socket.end()
    const onError = () => socket.destroy()
    const onTimeout = () => {
      if (isFirst) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
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
