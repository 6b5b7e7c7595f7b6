import { describe, expect, test } from 'vitest'
import { RunAnchor } from '../../../src/media/segments/anchor.ts'
import { parseList } from '../../../src/media/segments/list.ts'
import { type LiveSegment, LiveWindow } from '../../../src/media/segments/window.ts'

const nowMs = Date.UTC(2026, 0, 1)

function segmentOf(runPath: string, number: number, startsAtMs: number | null = null, durationSeconds = 2) {
  return { runPath, number, durationSeconds, startsAtMs, sizeBytes: 1000, seenAtMs: nowMs }
}
function tag(playlist: string, name: string): string[] {
  return playlist.split('\n').flatMap((line) => (line.startsWith(`#${name}:`) ? [line.slice(name.length + 2)] : []))
}
function windowOf(at = nowMs, maxSegments = 3): LiveWindow {
  return new LiveWindow({ nowMs: at, maxSegments, segmentSeconds: 2 })
}

describe("FFmpeg's list", () => {
  test('is read as far as it makes sense', () => {
    const text =
      '#EXTM3U\r\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2.040000,\n7.m4s\n#EXTINF:abc,\n8.m4s\nx.m4s\n#EXTINF:1,\n../9.m4s\n#EXTINF:2'
    expect(parseList(text)).toEqual([
      { number: 7, durationSeconds: 2.04 },
      { number: 9, durationSeconds: 1 },
    ])
  })
})

describe('the live playlist', () => {
  test('shows one run', () => {
    const window = windowOf()
    window.add(segmentOf('5/1', 0, nowMs))
    window.add(segmentOf('5/1', 1, nowMs + 2000.4))
    const sequence = (nowMs - Date.UTC(2024, 0, 1)) / 1000
    expect(window.playlist(nowMs)).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:${sequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${sequence}
#EXT-X-MAP:URI="5/1/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXTINF:2.000000,
5/1/0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXTINF:2.000000,
5/1/1.m4s
`)
  })

  test('counts discontinuities as they pass out of the window', () => {
    const window = windowOf()
    const at = () => {
      const text = window.playlist(nowMs)!
      const tags = text.split('\n').filter((line) => line === '#EXT-X-DISCONTINUITY').length
      return [Number(tag(text, 'EXT-X-DISCONTINUITY-SEQUENCE')[0]), tags, tag(text, 'EXT-X-MAP').length]
    }
    window.add(segmentOf('5/1', 0))
    const [first] = at()
    window.add(segmentOf('5/2', 0))
    expect(at()).toEqual([first, 1, 2])
    // A run whose only segment is broken makes no second break.
    window.breakHere()
    window.add(segmentOf('5/4', 0))
    expect(at()).toEqual([first, 2, 3])
    window.add(segmentOf('5/4', 1))
    expect(at()).toEqual([first! + 1, 1, 2])
    window.add(segmentOf('5/4', 2))
    expect(at()).toEqual([first! + 2, 0, 1])
    window.breakHere()
    window.add(segmentOf('5/4', 4))
    expect(at()).toEqual([first! + 2, 1, 2])
  })

  test('drops the oldest and numbers on, above all that an earlier process can have given', () => {
    const window = windowOf()
    let last = 0
    const dropped: LiveSegment[] = []
    for (let number = 0; number < 100; number++) {
      dropped.push(...window.add(segmentOf('5/1', number)))
      const [sequence] = tag(window.playlist(nowMs)!, 'EXT-X-MEDIA-SEQUENCE').map(Number)
      expect(sequence).toBeGreaterThanOrEqual(last)
      last = sequence!
    }
    expect(dropped.map((segment) => segment.number)).toEqual(Array.from({ length: 97 }, (_, number) => number))
    const restarted = windowOf(nowMs + 100 * 2000)
    restarted.add(segmentOf('6/1', 0))
    const text = restarted.playlist(nowMs)!
    expect(Number(tag(text, 'EXT-X-MEDIA-SEQUENCE')[0])).toBeGreaterThan(last + 3)
    expect(Number(tag(text, 'EXT-X-DISCONTINUITY-SEQUENCE')[0])).toBeGreaterThan(last + 3)
  })

  test('has a target duration that no segment exceeds and that only grows', () => {
    const window = windowOf()
    window.add(segmentOf('5/1', 0, null, 4.4))
    expect(tag(window.playlist(nowMs)!, 'EXT-X-TARGETDURATION')).toEqual(['4'])
    for (let number = 1; number < 9; number++) window.add(segmentOf('5/1', number))
    expect(tag(window.playlist(nowMs)!, 'EXT-X-TARGETDURATION')).toEqual(['4'])
  })

  test('is none where nothing new has come for long', () => {
    const window = windowOf()
    expect(window.playlist(nowMs)).toBeNull()
    window.add(segmentOf('5/1', 0))
    expect(window.playlist(nowMs + 30_000)).not.toBeNull()
    expect(window.playlist(nowMs + 30_001)).toBeNull()
    window.add({ ...segmentOf('5/2', 0), seenAtMs: nowMs + 60_000 })
    expect(window.playlist(nowMs + 60_000)).toContain('5/2/0.m4s')
  })
})

describe("a run's anchor", () => {
  test('is the arrival of the first packet', () => {
    const anchor = new RunAnchor()
    anchor.set(10_000)
    anchor.set(99_000)
    expect(anchor.next(2, 12_150)).toEqual({ startsAtMs: 10_000, correctedMs: null })
    expect(anchor.next(2, 13_900)).toEqual({ startsAtMs: 12_000, correctedMs: null })
  })

  test('is told from the first segment where no packet was seen', () => {
    const anchor = new RunAnchor()
    expect(anchor.next(2, 12_000)).toEqual({ startsAtMs: 10_000, correctedMs: null })
  })

  test('is corrected once three segments agree that it is off by more than 200 ms', () => {
    const anchor = new RunAnchor()
    anchor.set(10_000)
    expect(anchor.next(2, 12_500).correctedMs).toBeNull()
    expect(anchor.next(2, 14_300).correctedMs).toBeNull()
    expect(anchor.next(2, 16_400)).toEqual({ startsAtMs: 14_300, correctedMs: 300 })
    expect(anchor.next(2, 18_300)).toEqual({ startsAtMs: 16_300, correctedMs: null })
  })

  test('is left alone by jitter', () => {
    const anchor = new RunAnchor()
    anchor.set(10_000)
    const offMs = [500, -300, 250, 150, 900, -250, -900, 190, 2000]
    expect(offMs.map((off, i) => anchor.next(2, 12_000 + 2000 * i + off).correctedMs)).toEqual(offMs.map(() => null))
  })
})
