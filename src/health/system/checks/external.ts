import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Check, critical, healthy } from '../check.ts'
import { errorText } from '../checker.ts'
import { addressOf, type ExternalTarget, targetOf } from '../external-checks.ts'
import type { CheckOutcome } from '../model.ts'
import { rtmpHandshake } from './rtmp-handshake.ts'

/** Something beside us: an HTTP URL that answers with 2xx or 3xx, a TCP port that takes a connection, an RTMP server that greets. */
export function externalCheck(target: ExternalTarget): Check {
  const { name, url } = target
  const details = { target: targetOf(url) }
  const look = /^http/.test(url) ? lookByHttp : /^rtmp/.test(url) ? lookByRtmp : lookByTcp
  return {
    component: 'EXTERNAL',
    name,
    async check(signal) {
      try {
        const outcome = await look(target, signal)
        return { ...outcome, details: { ...details, ...outcome.details } }
      } catch (error) {
        return critical('It does not answer.', { ...details, error: errorText(error) })
      }
    },
  }
}

async function lookByHttp({ url, headers }: ExternalTarget, signal: AbortSignal): Promise<CheckOutcome> {
  const parsed = new URL(url)
  const { username, password } = parsed
  // fetch takes no credentials in a URL.
  parsed.username = ''
  parsed.password = ''
  const basic = username === '' ? null : btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const response = await fetch(parsed, {
    headers: { ...headers, ...(basic === null ? {} : { authorization: `Basic ${basic}` }) },
    redirect: 'manual',
    signal,
  })
  await response.body?.cancel()
  const details = { httpStatus: response.status }
  return response.status >= 200 && response.status < 400
    ? healthy('It answers.', details)
    : critical('It answers with an error.', details)
}

async function lookByTcp({ url }: ExternalTarget, signal: AbortSignal): Promise<CheckOutcome> {
  return withSocket(url, signal, async () => healthy('It takes connections.'))
}

async function lookByRtmp({ url }: ExternalTarget, signal: AbortSignal): Promise<CheckOutcome> {
  return withSocket(url, signal, async (socket) => {
    await rtmpHandshake(socket)
    return healthy('It greets by RTMP.')
  })
}

/** Connects, and closes the connection afterwards in any case; all of it ends when `signal` is aborted. */
async function withSocket<T>(url: string, signal: AbortSignal, work: (socket: Socket) => Promise<T>): Promise<T> {
  const { host, port, tls } = addressOf(url)
  const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port })
  const failed = new Promise<never>((_, reject) => {
    socket.once('error', reject)
    signal.addEventListener('abort', () => socket.destroy(new Error('it did not answer in time')), { once: true })
  })
  const connected = new Promise<void>((resolve) => socket.once(tls ? 'secureConnect' : 'connect', () => resolve()))
  try {
    await Promise.race([connected, failed])
    return await Promise.race([work(socket), failed])
  } finally {
    socket.destroy()
    failed.catch(() => {})
  }
}
