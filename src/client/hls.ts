import type Hls from 'hls.js'

export interface HlsSession {
  /** Resolves with the reason when it can not go on. */
  readonly failed: Promise<string>
  close(): void
}

export interface HlsOptions {
  url: string
  video: HTMLVideoElement
  headers?: Record<string, string>
  /** hls.js is large: it is loaded when it is needed first. */
  load: () => Promise<typeof Hls>
}

/** Plays a live playlist on a video element: with hls.js, or by the browser itself where it must (iPhone). */
export async function openHls(options: HlsOptions): Promise<HlsSession> {
  const { url, video, headers = {} } = options
  const Library = await options.load()
  if (!Library.isSupported()) return openNative(url, video)
  const hls = new Library({
    // A worker would have to be allowed by the page's content security policy.
    enableWorker: false,
    liveSyncDurationCount: 3,
    liveMaxLatencyDurationCount: 7,
    backBufferLength: 10,
    xhrSetup(request) {
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    },
  })
  const failed = new Promise<string>((resolve) => {
    let recovered = false
    hls.on(Library.Events.ERROR, (_event, { fatal, type, details, response }) => {
      if (!fatal) return
      if (type === Library.ErrorTypes.MEDIA_ERROR && !recovered) {
        recovered = true
        hls.recoverMediaError()
      } else resolve(response?.code === 404 ? 'no live segments' : details)
    })
  })
  hls.loadSource(url)
  hls.attachMedia(video)
  return { failed, close: () => hls.destroy() }
}

function openNative(url: string, video: HTMLVideoElement): HlsSession {
  const failed = new Promise<string>((resolve) => {
    video.addEventListener('error', () => resolve(video.error?.message || 'can not be played'), { once: true })
  })
  video.src = url
  return {
    failed,
    close() {
      video.removeAttribute('src')
      video.load()
    },
  }
}
