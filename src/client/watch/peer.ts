import { WebRtcFigures } from './figures.ts'
import type { Look } from './model.ts'

/** What both ways by WebRTC share: tracks on a video element, and their figures. */
export function showTracks(video: HTMLVideoElement, tracks: readonly MediaStreamTrack[]): MediaStream {
  const media = new MediaStream(tracks as MediaStreamTrack[])
  video.srcObject = media
  void video.play().catch(() => {})
  return media
}

/** Takes them off again, where nothing else has taken their place. */
export function hideTracks(video: HTMLVideoElement, media: MediaStream | null): void {
  if (media !== null && video.srcObject === media) video.srcObject = null
}

export function peerLooks(
  video: HTMLVideoElement,
  stats: () => Promise<RTCStatsReport>,
  hasVideo: () => boolean,
): () => Promise<Look> {
  const figures = new WebRtcFigures()
  return async () => {
    const reports = await stats()
    const look = figures.look(reports.values(), performance.now(), hasVideo())
    return { ...look, width: video.videoWidth || null, height: video.videoHeight || null }
  }
}
