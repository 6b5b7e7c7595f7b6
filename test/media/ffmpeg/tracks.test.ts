import { describe, expect, test } from 'vitest'
import { planTracks, tracksDiffer } from '../../../src/media/ffmpeg/tracks.ts'
import type { SourceTrack } from '../../../src/streams/model.ts'

const video: SourceTrack = {
  ...{ kind: 'VIDEO', codec: 'h264', profile: 'High', width: 1280, height: 720, fps: 25 },
  ...{ pixelFormat: 'yuv420p', hasBFrames: false, channels: null, sampleRate: null },
}
const audio: SourceTrack = {
  ...{ kind: 'AUDIO', codec: 'aac', profile: 'LC', width: null, height: null, fps: null },
  ...{ pixelFormat: null, hasBFrames: null, channels: 2, sampleRate: 48_000 },
}

describe('planTracks', () => {
  test.each([
    [{}, 'COPY'],
    [{ profile: 'Constrained Baseline' }, 'COPY'],
    [{ profile: 'Baseline' }, 'COPY'],
    [{ profile: 'Main' }, 'COPY'],
    [{ pixelFormat: 'yuvj420p' }, 'COPY'],
    [{ hasBFrames: true }, 'TRANSCODE'],
    [{ hasBFrames: null }, 'TRANSCODE'],
    [{ profile: 'High 10', pixelFormat: 'yuv420p10le' }, 'TRANSCODE'],
    [{ profile: 'High 4:2:2', pixelFormat: 'yuv422p' }, 'TRANSCODE'],
    [{ profile: null }, 'TRANSCODE'],
    [{ pixelFormat: null }, 'TRANSCODE'],
    [{ codec: 'hevc', profile: 'Main' }, 'TRANSCODE'],
    [{ codec: 'mjpeg', profile: 'Baseline' }, 'TRANSCODE'],
  ])('video %j: %s', (change, expected) => {
    expect(planTracks([{ ...video, ...change }]).video).toBe(expected)
  })

  test.each([
    [{}, { opus: 'TRANSCODE', aac: 'COPY' }],
    [{ profile: 'HE-AAC' }, { opus: 'TRANSCODE', aac: 'COPY' }],
    [{ profile: 'Main' }, { opus: 'TRANSCODE', aac: 'TRANSCODE' }],
    [{ codec: 'aac_latm' }, { opus: 'TRANSCODE', aac: 'TRANSCODE' }],
    [
      { codec: 'pcm_mulaw', profile: null },
      { opus: 'TRANSCODE', aac: 'TRANSCODE' },
    ],
    [
      { codec: 'opus', profile: null },
      { opus: 'COPY', aac: 'TRANSCODE' },
    ],
    [
      { codec: 'opus', profile: null, channels: 6 },
      { opus: 'TRANSCODE', aac: 'TRANSCODE' },
    ],
  ])('audio %j: %j', (change, expected) => {
    expect(planTracks([{ ...audio, ...change }]).audio).toEqual(expected)
  })

  test('one kind only', () => {
    expect(planTracks([video])).toEqual({ video: 'COPY', audio: null })
    expect(planTracks([audio])).toMatchObject({ video: null })
  })
})

describe('tracksDiffer', () => {
  test.each<[string, SourceTrack[], boolean]>([
    ['the same', [video, audio], false],
    ['another order', [audio, video], false],
    ['what FFmpeg can not tell', [{ ...video, profile: null, pixelFormat: null, hasBFrames: null }, audio], false],
    ['another size', [{ ...video, width: 640, height: 360 }, audio], false],
    ['another profile that passes', [{ ...video, profile: 'Main' }, audio], false],
    ['another codec', [{ ...video, codec: 'hevc' }, audio], true],
    ['a profile that does not pass', [{ ...video, profile: 'High 10', pixelFormat: 'yuv420p10le' }, audio], true],
    ['B-frames', [{ ...video, hasBFrames: true }, audio], true],
    ['sound gone', [video], true],
    ['another sound', [video, { ...audio, codec: 'pcm_alaw', profile: null }], true],
  ])('%s', (_, reported, expected) => {
    expect(tracksDiffer([video, audio], reported)).toBe(expected)
  })

  test('sound that was not there', () => {
    expect(tracksDiffer([video], [video, audio])).toBe(true)
  })
})
