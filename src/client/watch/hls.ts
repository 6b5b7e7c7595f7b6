import { ElementLooks } from './figures.ts'
import { failureOf, type Loaded, type OpenMedia, unwrapped } from './media.ts'
import type { PlayerSession } from './model.ts'
import type { Failure } from './state.ts'
import { refusal } from './whep.ts'

/** What is used of hls.js; either of its builds has it. */
export interface HlsLibrary {
  new (config: object): HlsPlayer
  isSupported(): boolean
  readonly Events: { readonly ERROR: string; readonly FRAG_LOADED: string }
  readonly ErrorTypes: { readonly MEDIA_ERROR: string }
}
interface HlsPlayer {
  // biome-ignore lint/suspicious/noExplicitAny: hls.js types each event by its name, which a caller's copy brings along.
  on(event: any, listener: (name: any, data: any) => void): void
  loadSource(url: string): void
  attachMedia(video: HTMLMediaElement): void
  recoverMediaError(): void
  destroy(): void
}

interface HlsError {
  fatal: boolean
  type: string
  details: string
  networkDetails?: { status?: number; responseText?: string }
}

export interface HlsOptions {
  /** With a session it carries its token. */
  url: string
  video: HTMLVideoElement
  headers: Record<string, string>
  session: PlayerSession | null
  /** hls.js is large: it is loaded when it is needed first. Null: the browser has to play it by itself. */
  load: (() => Promise<Loaded<HlsLibrary>>) | null
}

/** Plays a live playlist on a video element: with hls.js, or by the browser itself where it must (iPhone). */
export async function openHls(options: HlsOptions): Promise<OpenMedia> {
  const { video, session } = options
  const loaded = await options.load?.()
  const Library = loaded ? unwrapped<HlsLibrary>(loaded) : null
  if (!Library?.isSupported()) return openNative(options)
  let token = session?.token ?? null
  let bytes = 0
  const hls = new Library({
    // A worker would have to be allowed by the page's content security policy.
    enableWorker: false,
    liveSyncDurationCount: 3,
    liveMaxLatencyDurationCount: 7,
    backBufferLength: 10,
    xhrSetup(request: XMLHttpRequest, url: string) {
      // The playlist's address is as old as the session; its token is not.
      if (token !== null) request.open('GET', withToken(url, token), true)
      else for (const [name, value] of Object.entries(options.headers)) request.setRequestHeader(name, value)
    },
  })
  const failed = new Promise<Failure>((resolve) => {
    let recovered = false
    hls.on(Library.Events.ERROR, (_name: string, { fatal, type, details, networkDetails }: HlsError) => {
      const told = networkDetails?.status === 403 ? toldBy(networkDetails) : null
      // A session that is closed gets no further segment: there is nothing to wait for.
      if (told?.closeReason) return resolve(told)
      if (!fatal) return
      if (type === Library.ErrorTypes.MEDIA_ERROR && !recovered) {
        recovered = true
        hls.recoverMediaError()
      } else resolve(toldBy(networkDetails) ?? failureOf(details))
    })
  })
  hls.on(Library.Events.FRAG_LOADED, (_name: string, { payload }: { payload?: ArrayBuffer }) => {
    bytes += payload?.byteLength ?? 0
  })
  hls.loadSource(options.url)
  hls.attachMedia(video)
  void video.play().catch(() => {})
  return {
    session,
    look: looks(video, () => bytes),
    failed,
    renew(next) {
      token = next
    },
    close: () => hls.destroy(),
  }
}

/** What the server has said of a request that failed, where it was ours. */
function toldBy(answer: HlsError['networkDetails']): Failure | null {
  if (!answer?.status || !answer.responseText) return null
  const failure = failureOf(refusal({ status: answer.status, headers: new Headers() }, answer.responseText))
  // There may be segments the next time: it is not refused for good.
  return failure.code === 'NOT_FOUND' ? { ...failure, code: null } : failure
}

function withToken(url: string, token: string): string {
  const changed = new URL(url)
  changed.searchParams.set('session', token)
  return changed.href
}

function openNative({ url, video, session }: HlsOptions): OpenMedia {
  const failed = new Promise<Failure>((resolve) => {
    video.addEventListener('error', () => resolve(failureOf(video.error?.message || 'can not be played')), {
      once: true,
    })
  })
  video.src = url
  void video.play().catch(() => {})
  return {
    session,
    look: looks(video, () => null),
    failed,
    close() {
      if (video.src !== url) return
      video.removeAttribute('src')
      video.load()
    },
  }
}

function looks(video: HTMLVideoElement, bytes: () => number | null): OpenMedia['look'] {
  const figures = new ElementLooks()
  return () => {
    const { videoWidth, videoHeight, currentTime, buffered } = video
    const quality = videoWidth > 0 ? video.getVideoPlaybackQuality() : null
    const element = {
      totalVideoFrames: quality?.totalVideoFrames ?? null,
      droppedVideoFrames: quality?.droppedVideoFrames ?? null,
      currentTime,
      buffered: buffered.length,
      bytes: bytes(),
    }
    return { ...figures.look(element, performance.now()), width: videoWidth || null, height: videoHeight || null }
  }
}
