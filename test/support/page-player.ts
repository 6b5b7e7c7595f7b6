/** What one WebRTC track has received so far, from getStats. */
export interface TrackCounts {
  packetsReceived: number
  packetsLost: number
  /** Video only; 0 for audio. */
  framesDecoded: number
  keyFramesDecoded: number
  /** Audio only; 0 for video. */
  samplesReceived: number
  audioEnergy: number
}
export interface PlayerStats {
  video: TrackCounts | null
  audio: TrackCounts | null
  connectionState: RTCPeerConnectionState
  /** Protocol of the candidate pair in use. */
  protocol: string | null
}

/** The player inside the page. Everything is by event; times are ms since the epoch. */
export interface PagePlayer {
  playWhep(
    whepUrl: string,
    options: { udpBlackholePort?: number },
  ): Promise<{ sessionUrl: string | null; answer: string }>
  playHls(url: string): Promise<void>
  stats(): Promise<PlayerStats>
  /** Frames that the video element has decoded, whatever plays. */
  decodedFrames(): number
  /** When each frame was shown; the last 5,000. A busy machine shows fewer than it decodes. */
  frameTimes: number[]
  /** Errors of hls.js that it could not mend by itself. */
  fatalErrors: string[]
  /** How much the picture differs between two moments that are `frames` frames apart: mean difference of a pixel's luminance, 0 to 255. */
  change(frames: number): Promise<number>
  stop(): void
}

declare global {
  interface Window {
    player: PagePlayer
    Hls: typeof import('hls.js').default
  }
}

/** Runs in the page (it is sent there as text, so it must not refer to anything outside itself) and puts a PagePlayer on the window. */
export function installPagePlayer(): void {
  const video = document.querySelector('video')!
  let peer: RTCPeerConnection | null = null
  const frameTimes: number[] = []
  const fatalErrors: string[] = []

  const onFrame = () => {
    frameTimes.push(performance.timeOrigin + performance.now())
    if (frameTimes.length > 5000) frameTimes.shift()
    video.requestVideoFrameCallback(onFrame)
  }
  video.requestVideoFrameCallback(onFrame)

  const gathered = (connection: RTCPeerConnection) =>
    new Promise<void>((resolve) => {
      const check = () => connection.iceGatheringState === 'complete' && resolve()
      connection.addEventListener('icegatheringstatechange', check)
      check()
    })

  const counts = (report: Record<string, number>): TrackCounts => ({
    packetsReceived: report.packetsReceived ?? 0,
    packetsLost: report.packetsLost ?? 0,
    framesDecoded: report.framesDecoded ?? 0,
    keyFramesDecoded: report.keyFramesDecoded ?? 0,
    samplesReceived: report.totalSamplesReceived ?? 0,
    audioEnergy: report.totalAudioEnergy ?? 0,
  })

  // A new SSRC begins a report of its own, from 0: what the ones before had counted is added.
  const seen = new Map<string, Map<string, TrackCounts>>()
  const inbound = (reports: { type: string; kind: string; id: string }[], kind: string): TrackCounts | null => {
    const ofKind = seen.get(kind) ?? new Map<string, TrackCounts>()
    seen.set(kind, ofKind)
    for (const report of reports) {
      if (report.type === 'inbound-rtp' && report.kind === kind) {
        ofKind.set(report.id, counts(report as unknown as Record<string, number>))
      }
    }
    if (ofKind.size === 0) return null
    const total = counts({})
    for (const of of ofKind.values()) {
      for (const name of Object.keys(total) as (keyof TrackCounts)[]) total[name] += of[name]
    }
    return total
  }

  const canvas = new OffscreenCanvas(64, 36)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  const luminance = () => {
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    return Float32Array.from({ length: data.length / 4 }, (_, i) => {
      const [red, green, blue] = [data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!]
      return 0.299 * red + 0.587 * green + 0.114 * blue
    })
  }
  const decodedFrames = () => video.getVideoPlaybackQuality().totalVideoFrames
  const untilDecoded = async (target: number) => {
    while (decodedFrames() < target) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  window.player = {
    decodedFrames,
    frameTimes,
    fatalErrors,

    async playWhep(whepUrl, { udpBlackholePort }) {
      const connection = new RTCPeerConnection()
      peer = connection
      connection.addTransceiver('video', { direction: 'recvonly' })
      connection.addTransceiver('audio', { direction: 'recvonly' })
      const media = new MediaStream()
      connection.addEventListener('track', ({ track }) => {
        media.addTrack(track)
        video.srcObject = media
        video.play().catch((error: Error) => error.name !== 'AbortError' && fatalErrors.push(String(error)))
      })
      await connection.setLocalDescription(await connection.createOffer())
      await gathered(connection)
      const response = await fetch(whepUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp' },
        body: connection.localDescription!.sdp,
      })
      const body = await response.text()
      if (response.status !== 201) throw new Error(`WHEP answered ${response.status}: ${body}`)
      const candidatePort = /^(a=candidate:\S+ \d+ udp \d+ \S+ )\d+/gim
      const answer = udpBlackholePort ? body.replace(candidatePort, `$1${udpBlackholePort}`) : body
      await connection.setRemoteDescription({ type: 'answer', sdp: answer })
      const location = response.headers.get('location')
      return { sessionUrl: location && new URL(location, whepUrl).href, answer: body }
    },

    async playHls(url) {
      const hls = new window.Hls()
      await new Promise<void>((resolve, reject) => {
        hls.on(window.Hls.Events.ERROR, (_event, data) => {
          if (!data.fatal) return
          fatalErrors.push(`${data.type}: ${data.details}`)
          reject(new Error(`${data.type}: ${data.details}`))
        })
        video.addEventListener('playing', () => resolve(), { once: true })
        hls.loadSource(url)
        hls.attachMedia(video)
        video.play().catch(reject)
      })
    },

    async stats() {
      const reports = peer ? [...(await peer.getStats()).values()] : []
      const pair = reports.find((r) => r.type === 'candidate-pair' && r.nominated && r.state === 'succeeded')
      const local = reports.find((r) => r.id === pair?.localCandidateId)
      return {
        video: inbound(reports, 'video'),
        audio: inbound(reports, 'audio'),
        connectionState: peer?.connectionState ?? 'new',
        protocol: local?.protocol ?? null,
      }
    },

    async change(frames) {
      const before = luminance()
      await untilDecoded(decodedFrames() + frames)
      const after = luminance()
      return after.reduce((sum, value, i) => sum + Math.abs(value - before[i]!), 0) / after.length
    },

    stop() {
      peer?.close()
    },
  }
}
