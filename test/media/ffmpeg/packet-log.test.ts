import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPacketLog } from '../../../src/media/ffmpeg/packet-log.ts'

const header = ['#tb 0: 1/90000', '#media_type 0: video', '#codec_id 0: h264', '#tb 1: 1/48000', '#media_type 1: audio']
const line = (stream: number, pts: number, size: number, key: boolean) =>
  `${stream}, ${String(pts).padStart(10)}, ${String(pts).padStart(10)},     3600, ${String(size).padStart(8)}, 0x1234abcd${key ? '' : ', F=0x0'}`

/** `seconds` of video at 25 fps with a keyframe a second, 1000 bytes a frame, and of audio at 50 a second, 100 bytes each. */
function media(from: number, seconds: number): string[] {
  return Array.from({ length: seconds * 25 }, (_, at) => from * 25 + at).flatMap((frame) => [
    line(0, frame * 3600, 1000, frame % 25 === 0),
    line(1, frame * 1920, 100, true),
    line(1, frame * 1920 + 960, 100, true),
  ])
}
const text = (lines: string[]) => lines.map((each) => `${each}\n`).join('')

describe('the packet log', () => {
  test('counts each track and takes rates over what passed', () => {
    const log = createPacketLog()
    log.push(text([...header, ...media(0, 1)]), 1_000)
    expect(log.figures(1_000).map(({ fps }) => fps)).toEqual([null, null])
    for (const second of [1, 2, 3]) {
      log.push(text(media(second, 1)), 1_000 + second * 1_000)
      log.figures(1_000 + second * 1_000)
    }
    expect(log.figures(4_000)).toEqual([
      {
        ...{
          kind: 'VIDEO',
          packets: 100,
          bytes: 100_000,
          fps: 25,
          bitrateBps: 200_000,
          mediaSeconds: expect.closeTo(3.96),
        },
        ...{ keyframeIntervalSeconds: 1, lastProgressAt: 4_000, lastKeyframeAt: 4_000 },
        ...{ identicalPackets: 100, burstSeconds: null },
      },
      {
        ...{
          kind: 'AUDIO',
          packets: 200,
          bytes: 20_000,
          fps: 50,
          bitrateBps: 40_000,
          mediaSeconds: expect.closeTo(3.98),
        },
        ...{ keyframeIntervalSeconds: null, lastProgressAt: 4_000, lastKeyframeAt: null },
        ...{ identicalPackets: 200, burstSeconds: null },
      },
    ])
    expect(log.total()).toBe(300)
  })

  test('a track that stands still shows it while the other goes on', () => {
    const log = createPacketLog()
    log.push(text([...header, ...media(0, 2)]), 0)
    for (let at = 0; at <= 10_000; at += 1_000) {
      log.push(text([line(1, 100_000 + at, 100, true)]), at)
      log.figures(at)
    }
    const [video, audio] = log.figures(10_000)
    expect(video).toMatchObject({ fps: 0, bitrateBps: 0, lastProgressAt: 0 })
    expect(audio).toMatchObject({ lastProgressAt: 10_000 })
  })

  test('the time from one burst to the next, which one interruption is not', () => {
    const log = createPacketLog()
    log.push(text(header), 0)
    const burst = (at: number) => {
      log.push(text([line(0, at * 90, 1000, true)]), at)
      return log.figures(at)[0]!.burstSeconds
    }
    expect([0, 1_000, 11_000, 12_000].map(burst)).toEqual([null, null, null, null])
    expect([18_000, 18_500, 24_000, 30_000].map(burst)).toEqual([null, null, 6, 6])
    // Where packets flow again for long, there are no bursts any more.
    for (let at = 31_000; at < 80_000; at += 1_000) burst(at)
    expect(burst(80_000)).toBeNull()
  })

  test('the time of the media follows a source that counts anew, and not the order of B-frames', () => {
    const log = createPacketLog()
    const seconds = (...times: number[]) => {
      log.push(text(times.map((pts) => line(0, pts, 10, true))), 0)
      return log.figures(0)[0]!.mediaSeconds
    }
    log.push(text(header), 0)
    expect(log.figures(0)[0]?.mediaSeconds).toBeNull()
    expect(seconds(900_000, 914_400, 907_200)).toBe(10.16)
    expect(seconds(0)).toBe(0)
  })

  test('counts the same packet again and again', () => {
    const log = createPacketLog()
    const run = (...sizes: number[]) => {
      log.push(text(sizes.map((size, at) => line(0, at, size, true))), 0)
      return log.figures(0)[0]!.identicalPackets
    }
    log.push(text(header), 0)
    expect([run(10), run(10, 10), run(11)]).toEqual([1, 3, 1])
  })

  test('where the text is cut makes no difference', () => {
    const whole = text([...header, ...media(0, 2)])
    const expected = createPacketLog()
    expected.push(whole, 5)
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 30 }), (cuts) => {
        const log = createPacketLog()
        const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
        places.slice(1).forEach((end, at) => {
          log.push(whole.slice(places[at], end), 5)
        })
        expect(log.figures(5)).toEqual(expected.figures(5))
      }),
    )
  })

  test('tells B-frames by the order of the times', () => {
    const log = createPacketLog()
    expect(log.reordered).toBeNull()
    log.push(text([...header, line(0, 0, 10, true), line(0, 3600, 10, false)]), 0)
    expect(log.reordered).toBe(false)
    log.push(text([line(0, 10_800, 10, false), line(0, 7200, 10, false)]), 0)
    expect(log.reordered).toBe(true)
  })

  test('bears anything', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (junk) => {
        const log = createPacketLog()
        for (const piece of junk) log.push(piece, 0)
        for (const { packets } of log.figures(0)) expect(packets).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
