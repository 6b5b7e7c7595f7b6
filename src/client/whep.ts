/** A WHEP player's side: an offer out, an answer in. No framework, no dependencies. */

export interface WhepOptions {
  url: string
  /** Sent with every request of the session, e.g. Authorization. */
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface WhepSession {
  readonly peer: RTCPeerConnection
  /** Video and audio as far as the stream has them. */
  readonly media: MediaStream
  /** Ends the session here and at the server. Idempotent; also right while the page is being left. */
  close(): void
}

/** The server did not take the offer. */
export class WhepError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'WhepError'
    this.status = status
  }
}

/** Opens a session. Rejects with a WhepError, or as fetch does; nothing is left open then. */
export async function openWhep(options: WhepOptions): Promise<WhepSession> {
  const { url, headers = {}, signal = null } = options
  const peer = new RTCPeerConnection()
  const media = new MediaStream()
  let sessionUrl: string | null = null
  let open = true
  const close = () => {
    if (!open) return
    open = false
    peer.close()
    if (sessionUrl) fetch(sessionUrl, { method: 'DELETE', headers, keepalive: true }).catch(() => {})
  }
  try {
    for (const kind of ['video', 'audio']) {
      const { receiver } = peer.addTransceiver(kind, { direction: 'recvonly' })
      media.addTrack(receiver.track)
    }
    await peer.setLocalDescription()
    // The server is ICE lite with all its candidates in the answer: there is nothing of ours to gather first.
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/sdp' },
      body: peer.localDescription!.sdp,
      signal,
    })
    const body = await response.text()
    if (response.status !== 201) throw new WhepError(response.status, reasonOf(body, response.status))
    const location = response.headers.get('Location')
    sessionUrl = location && new URL(location, response.url).href
    await peer.setRemoteDescription({ type: 'answer', sdp: body })
    signal?.throwIfAborted()
    return { peer, media, close }
  } catch (error) {
    close()
    throw error
  }
}

function reasonOf(body: string, status: number): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown }
    if (typeof message === 'string') return message
  } catch {
    // Not ours: the status has to do.
  }
  return `the server answered ${status}`
}

/** What a session has received so far; null is "not known (yet)". */
export interface WhepFigures {
  framesDecoded: number | null
  videoPackets: number | null
  audioPackets: number | null
}

export async function whepFigures({ peer }: WhepSession): Promise<WhepFigures> {
  const figures: WhepFigures = { framesDecoded: null, videoPackets: null, audioPackets: null }
  for (const report of (await peer.getStats()).values()) {
    if (report.type !== 'inbound-rtp') continue
    if (report.kind === 'video') {
      figures.framesDecoded = report.framesDecoded ?? 0
      figures.videoPackets = report.packetsReceived ?? 0
    } else figures.audioPackets = report.packetsReceived ?? 0
  }
  return figures
}
