import type { TrackFigures } from '../src/media/ffmpeg/types.ts'
import type { SourceTrack } from '../src/streams/model.ts'
import { builder } from './builder.ts'
import { MediaKind } from './enums.ts'
import { rounded } from './process.ts'

/** A track as learnt by probing, and what is measured of it while it flows. */
export interface TrackSource {
  track: SourceTrack
  figures: TrackFigures | null
}

export const MediaTrack = builder.objectRef<TrackSource>('MediaTrack').implement({
  description: 'One track that the source carries. Null is not known.',
  fields: (t) => ({
    kind: t.field({ type: MediaKind, nullable: false, resolve: ({ track }) => track.kind }),
    codec: t.string({ nullable: false, description: "FFmpeg's name of it.", resolve: ({ track }) => track.codec }),
    width: t.int({ resolve: ({ track }) => track.width }),
    height: t.int({ resolve: ({ track }) => track.height }),
    fps: t.float({
      description: 'As measured while it flows, else as the source declares it.',
      resolve: ({ track, figures }) => (track.kind === 'VIDEO' ? (figures?.fps ?? track.fps) : null),
    }),
    bitrateBps: t.field({ type: 'BigInt', resolve: ({ figures }) => rounded(figures?.bitrateBps) }),
    keyframeIntervalSeconds: t.float({ resolve: ({ figures }) => figures?.keyframeIntervalSeconds }),
    channels: t.int({ resolve: ({ track }) => track.channels }),
    sampleRate: t.int({ description: 'Hz.', resolve: ({ track }) => track.sampleRate }),
    lastProgressAt: t.field({
      type: 'DateTime',
      description: 'When the last packet came.',
      resolve: ({ figures }) => (figures?.lastProgressAt ? new Date(figures.lastProgressAt) : null),
    }),
  }),
})
