import { builder } from './builder.ts'
import type { PlaybackUrls } from './context.ts'

export const Playback = builder.objectRef<PlaybackUrls>('Playback').implement({
  description: 'Where a stream can be watched.',
  fields: (t) => ({
    whepUrl: t.expose('whepUrl', { type: 'URL', description: 'WebRTC by WHEP; null where it is not offered.' }),
    hlsUrl: t.expose('hlsUrl', { type: 'URL', description: 'A live HLS playlist; null where it is not offered.' }),
  }),
})
