import type { MediaKind, SourceTrack } from '../../streams/model.ts'

/** What is done to a track on its way: passed through as it is, or decoded and encoded anew. */
export type Treatment = 'COPY' | 'TRANSCODE'

/** How the tracks of a source are carried. Null: the source has no such track. */
export interface TrackPlan {
  video: Treatment | null
  audio: { opus: Treatment; aac: Treatment } | null
}

const passedProfiles = new Set(['Constrained Baseline', 'Baseline', 'Main', 'High'])
/** Both are 4:2:0 with 8 bit; "j" is the full range that cameras like. */
const passedPixelFormats = new Set(['yuv420p', 'yuvj420p'])

/** Passed through where mediasoup and browsers take it. Unknown counts as no: a transcode always plays. */
function videoTreatment(track: SourceTrack): Treatment {
  const passed =
    track.codec === 'h264' &&
    track.profile !== null &&
    passedProfiles.has(track.profile) &&
    track.pixelFormat !== null &&
    passedPixelFormats.has(track.pixelFormat) &&
    track.hasBFrames === false
  return passed ? 'COPY' : 'TRANSCODE'
}

/** WebRTC knows Opus with one or two channels only. */
function opusTreatment(track: SourceTrack): Treatment {
  return track.codec === 'opus' && (track.channels === 1 || track.channels === 2) ? 'COPY' : 'TRANSCODE'
}

/** Main and SSR are AAC too, and no browser plays them. */
function aacTreatment(track: SourceTrack): Treatment {
  return track.codec === 'aac' && (track.profile === 'LC' || track.profile === 'HE-AAC') ? 'COPY' : 'TRANSCODE'
}

/** The first track of a kind: the one that is carried. */
export function trackOf(tracks: readonly SourceTrack[], kind: MediaKind): SourceTrack | null {
  return tracks.find((track) => track.kind === kind) ?? null
}

/** Whether each track is passed through or transcoded. */
export function planTracks(tracks: readonly SourceTrack[]): TrackPlan {
  const video = trackOf(tracks, 'VIDEO')
  const audio = trackOf(tracks, 'AUDIO')
  return {
    video: video && videoTreatment(video),
    audio: audio && { opus: opusTreatment(audio), aac: aacTreatment(audio) },
  }
}

/** The kinds that a source carries, video first. */
export function kindsOf(tracks: readonly SourceTrack[]): MediaKind[] {
  return (['VIDEO', 'AUDIO'] as const).filter((kind) => trackOf(tracks, kind))
}

/**
 * Whether a source must be planned anew: what FFmpeg reports of it differs, in what the plan rests on, from what was
 * learnt. What FFmpeg could not tell (null) is no difference; a size that changed is none either.
 */
export function tracksDiffer(learnt: readonly SourceTrack[], reported: readonly SourceTrack[]): boolean {
  return (['VIDEO', 'AUDIO'] as const).some((kind) => {
    const before = trackOf(learnt, kind)
    const now = trackOf(reported, kind)
    if (!before || !now) return before !== now
    const known = Object.fromEntries(Object.entries(now).filter(([, value]) => value !== null))
    const merged: SourceTrack = { ...before, ...known }
    return (
      merged.codec !== before.codec || JSON.stringify(planTracks([merged])) !== JSON.stringify(planTracks([before]))
    )
  })
}
