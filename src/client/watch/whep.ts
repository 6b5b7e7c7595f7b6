import { type ErrorCode, type ErrorDetails, unavailable, WeirError } from '../errors.ts'
import type { OpenMedia } from './media.ts'
import type { PlayerSession } from './model.ts'
import { hideTracks, peerLooks, showTracks } from './peer.ts'

export interface WhepOptions {
  url: string
  video: HTMLVideoElement
  /** Of who plays; for a session that is opened again, its token takes their place. */
  headers: Record<string, string>
  session: PlayerSession | null
  fetch: typeof fetch
  signal: AbortSignal
}

/** A WHEP player's side: an offer out, an answer in. Rejects with a WeirError, or as fetch does; nothing is left open then. */
export async function openWhep(options: WhepOptions): Promise<OpenMedia> {
  const { video, session, signal } = options
  const headers = session ? { Authorization: `Bearer ${session.token}` } : options.headers
  const peer = new RTCPeerConnection()
  let media: MediaStream | null = null
  let address: string | null = null
  let opened: PlayerSession | null = null
  let open = true
  const close = () => {
    if (!open) return
    open = false
    peer.close()
    hideTracks(video, media)
    // Its session is said goodbye to by whoever holds it; without one, or before that, its address is all there is.
    if (address && (!opened || !media)) {
      options.fetch(address, { method: 'DELETE', keepalive: true }).catch(() => {})
    }
  }
  try {
    const tracks = ['video', 'audio'].map((kind) => peer.addTransceiver(kind, { direction: 'recvonly' }).receiver.track)
    await peer.setLocalDescription()
    // The server is ICE lite with all its candidates in the answer: there is nothing of ours to gather first.
    const response = await options.fetch(options.url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/sdp' },
      body: peer.localDescription!.sdp,
      signal,
    })
    const body = await response.text()
    if (response.status !== 201) throw refusal(response, body)
    const location = response.headers.get('Location')
    address = location && new URL(location, response.url || options.url).href
    opened = sessionOf(response.headers)
    await peer.setRemoteDescription({ type: 'answer', sdp: body })
    signal.throwIfAborted()
    media = showTracks(video, tracks)
  } catch (error) {
    close()
    throw error instanceof TypeError ? unavailable(error) : error
  }
  const withVideo = () =>
    peer
      .getTransceivers()
      .some(({ receiver, currentDirection }) => receiver.track.kind === 'video' && currentDirection === 'recvonly')
  return {
    session: opened,
    look: peerLooks(video, () => peer.getStats(), withVideo),
    failed: new Promise((resolve) => {
      // A lost connection may come back by itself within seconds; a failed one never does.
      peer.addEventListener('connectionstatechange', () => {
        if (peer.connectionState === 'failed' || peer.connectionState === 'closed')
          resolve({ reason: 'the connection was lost', code: null, retryAfterMs: null, closeReason: null })
      })
    }),
    close,
  }
}

function sessionOf(headers: Headers): PlayerSession | null {
  const [consumerId, token] = [headers.get('Weir-Consumer-Id'), headers.get('Weir-Session-Token')]
  if (!consumerId || !token) return null
  const heartbeatMs = Number(headers.get('Weir-Heartbeat-Seconds') ?? 30) * 1000
  return { consumerId, token, heartbeatMs, transport: 'whep' }
}

/** The error of a route of ours: JSON with a code of the table. */
export function refusal(response: Pick<Response, 'status' | 'headers'>, body: string): WeirError {
  let told: ErrorDetails & { code?: string; message?: string } = {}
  try {
    told = Object(JSON.parse(body)) as typeof told
  } catch {
    // Not ours: the status has to do.
  }
  const { code = 'INTERNAL', message = `the server answered ${response.status}`, ...details } = told
  const after = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const retryAfterSeconds = details.retryAfterSeconds ?? (after >= 0 ? after : undefined)
  return new WeirError(code as ErrorCode, message, {
    ...details,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}
