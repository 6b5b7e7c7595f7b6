import type { Page } from 'playwright-core'
import type { Browser } from '../../test/support/chromium.ts'

/** What a viewer saw around one kill; times in ms since the epoch. */
export interface Recovery {
  /** When the first picture after the longest pause was decoded; null where none came in time. */
  decodedAgainAt: number | null
  /** The longest time without a decoded picture. */
  pauseMs: number
  connectionState: RTCPeerConnectionState
}

interface PageViewers {
  play(whepUrl: string): Promise<number>
  close(viewer: number): void
  framesDecoded(viewer: number): Promise<number>
  /** Asks every 50 ms until it plays again after a pause, at the longest `timeoutMs` after `killedAt`. */
  recovery(viewer: number, killedAt: number, timeoutMs: number): Promise<Recovery>
}

declare global {
  interface Window {
    soakViewers: PageViewers
  }
}

export interface Viewer {
  framesDecoded(): Promise<number>
  recovery(killedAt: number, timeoutMs: number): Promise<Recovery>
  close(): Promise<void>
}

/** Real players of Chromium, several to a page: each keeps its one RTCPeerConnection to the end. */
export class Viewers {
  readonly #browser: Browser
  readonly #perPage: number
  #page: Promise<Page> | null = null
  #onPage = 0

  constructor(browser: Browser, perPage = 5) {
    this.#browser = browser
    this.#perPage = perPage
  }

  async play(whepUrl: string): Promise<Viewer> {
    if (!this.#page || this.#onPage === this.#perPage) {
      this.#page = this.#open()
      this.#onPage = 0
    }
    this.#onPage += 1
    const page = await this.#page
    const viewer = await page.evaluate((url) => window.soakViewers.play(url), whepUrl)
    return {
      framesDecoded: () => page.evaluate((which) => window.soakViewers.framesDecoded(which), viewer),
      close: () => page.evaluate((which) => window.soakViewers.close(which), viewer),
      recovery: (killedAt, timeoutMs) =>
        page.evaluate(([which, at, limit]) => window.soakViewers.recovery(which, at, limit), [
          viewer,
          killedAt,
          timeoutMs,
        ] as const),
    }
  }

  async #open(): Promise<Page> {
    const { page } = await this.#browser.player()
    await page.evaluate(installViewers)
    return page
  }
}

/** Runs in the page: must not refer to anything outside itself. */
function installViewers(): void {
  const peers: RTCPeerConnection[] = []
  const now = () => performance.timeOrigin + performance.now()
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  // A new SSRC begins a report of its own, from 0: what the ones before had counted is added.
  const counted = new Map<number, Map<string, number>>()
  async function framesDecoded(viewer: number): Promise<number> {
    const reports = counted.get(viewer) ?? new Map<string, number>()
    counted.set(viewer, reports)
    // All of the connection's: a receiver asked by itself tells of its first SSRC alone.
    for (const report of (await peers[viewer]!.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'video') reports.set(report.id, report.framesDecoded ?? 0)
    }
    return [...reports.values()].reduce((sum, frames) => sum + frames, 0)
  }

  window.soakViewers = {
    framesDecoded,

    close(viewer) {
      peers[viewer]!.close()
    },

    async play(whepUrl) {
      const video = document.createElement('video')
      Object.assign(video, { muted: true, playsInline: true, width: 160, height: 90 })
      document.body.append(video)
      const peer = new RTCPeerConnection()
      peer.addTransceiver('video', { direction: 'recvonly' })
      peer.addEventListener('track', ({ track }) => {
        video.srcObject = new MediaStream([track])
        video.play().catch(() => {})
      })
      await peer.setLocalDescription(await peer.createOffer())
      while (peer.iceGatheringState !== 'complete') await pause(10)
      const response = await fetch(whepUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp' },
        body: peer.localDescription!.sdp,
      })
      if (response.status !== 201) throw new Error(`WHEP answered ${response.status}: ${await response.text()}`)
      await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() })
      return peers.push(peer) - 1
    },

    async recovery(viewer, killedAt, timeoutMs) {
      // Shorter pauses are the usual distance of pictures, and what one FFmpeg leaves to the next may be one of them.
      const worthMs = 300
      const steadyMs = 1500
      const watchMs = 4000
      let frames = await framesDecoded(viewer)
      let decodedAt = now()
      let unsteadyAt = decodedAt
      let longest = { ms: 0, endedAt: null as number | null }
      for (;;) {
        await pause(50)
        const at = now()
        const more = await framesDecoded(viewer)
        if (at - decodedAt > worthMs) unsteadyAt = at
        if (more > frames) {
          if (at > killedAt && at - decodedAt > longest.ms) longest = { ms: at - decodedAt, endedAt: at }
          frames = more
          decodedAt = at
        }
        const playsAgain = longest.endedAt !== null && at - killedAt > watchMs && at - unsteadyAt > steadyMs
        if (playsAgain || at - killedAt > timeoutMs) {
          const isStill = at - decodedAt > worthMs && at - decodedAt > longest.ms
          return {
            decodedAgainAt: isStill ? null : longest.endedAt,
            pauseMs: Math.round(isStill ? at - decodedAt : longest.ms),
            connectionState: peers[viewer]!.connectionState,
          }
        }
      }
    },
  }
}
