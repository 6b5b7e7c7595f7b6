import { describe, expect, test } from 'vitest'
import { type Camera, History } from '../support/health-history.ts'

/** A minute of good media, then this: how many seconds until it is named. */
function named(issue: string, fault: Partial<Camera>, before: Partial<Camera> = {}, limit = 60): number | null {
  const history = new History(before).run(60)
  expect(history.view).toEqual({ status: 'HEALTHY', issues: [] })
  return history.change(fault).secondsUntil(issue, limit)
}
const audio = { codec: 'aac', packetsPerSecond: 50, bytes: 160 }

describe('each fault is named within its bound', () => {
  test.each<[string, number, Partial<Camera>]>([
    ['VIDEO_FROZEN VIDEO', 5, { fps: 0 }],
    ['AUDIO_FROZEN AUDIO', 5, { audio: { ...audio, packetsPerSecond: 0 } }],
    ['NO_MEDIA', 5, { fps: 0, audio: { ...audio, packetsPerSecond: 0 } }],
    ['NO_MEDIA VIDEO', 5, { rtpLost: true }],
    ['FRAME_RATE_LOW VIDEO', 10, { fps: 5 }],
    ['BITRATE_DROP VIDEO', 15, { frameBytes: 1_500, keyframeBytes: 15_000 }],
    ['BITRATE_DROP AUDIO', 15, { audio: { ...audio, packetsPerSecond: 20 } }],
    ['KEYFRAME_INTERVAL_LONG VIDEO', 12, { gopSeconds: 600 }],
    ['PACKET_LOSS VIDEO', 15, { lossPercent: 5 }],
    ['JITTER_HIGH AUDIO', 8, { jitterMs: 150 }],
    ['SPEED_LOW', 30, { speed: 0.8 }],
    ['CPU_HIGH', 12, { cpuPercent: 390 }],
    ['MEMORY_HIGH', 7, { memoryBytes: 3 * 1024 ** 3 }],
    ['PROCESS_DOWN', 1, { state: 'RECOVERING', cause: 'KILLED' }],
    ['SOURCE_LOST', 1, { state: 'ERROR', cause: 'REFUSED' }],
    ['NO_MEDIA', 1, { state: 'RECOVERING', cause: 'STALLED' }],
  ])('%s in %d s', (issue, bound, fault) => {
    const seconds = named(issue, fault)
    expect(seconds).not.toBeNull()
    expect(seconds).toBeLessThanOrEqual(bound)
  })
})
