import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { failureCause } from '../../../src/media/ffmpeg/cause.ts'
import { failureCauses } from '../../../src/streams/model.ts'
import type { Recorded } from './corpus/recorded.ts'

const folder = new URL('corpus/', import.meta.url)
const corpus = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recorded[])

describe('failureCause, on what FFmpeg and ffprobe wrote', () => {
  test('the corpus is there', () => {
    expect(corpus.length).toBeGreaterThan(80)
  })

  // The others are told by us: of packets that stopped, of nodes and workers. A full disk ends no FFmpeg.
  test('it has every cause that a source or FFmpeg itself can be', () => {
    const ours = ['STALLED', 'LEASE_LOST', 'NODE_LOST', 'BLOCKED', 'STORAGE', 'WORKER_DIED']
    const recorded = new Set(corpus.map(({ expected }) => expected))
    expect(failureCauses.filter((cause) => !recorded.has(cause))).toEqual(ours)
  })

  test.each(corpus.map((recorded) => [`${recorded.name} by ${recorded.by}`, recorded] as const))(
    '%s',
    (_, recorded) => {
      expect(failureCause(recorded.log, recorded)).toBe(recorded.expected)
    },
  )

  test('no log of it holds a password', () => {
    expect(JSON.stringify(corpus)).not.toContain('pa55word')
  })

  test('an old line does not explain a late end', () => {
    const log = [
      '[http @ 0x1] [warning] HTTP error 404 Not Found',
      ...Array.from({ length: 20 }, (_, at) => `line ${at}`),
    ]
    const end = { code: 1, signal: null, kind: 'HLS', elapsedMs: 60_000, packets: 900, stopped: false } as const
    expect(failureCause(log, end)).toBe('UNKNOWN')
  })

  test('what was stopped by order while media flowed has ended, whatever its log says', () => {
    const end = { code: 255, signal: null, kind: 'RTSP', elapsedMs: 5_000, packets: 100, stopped: true } as const
    expect(failureCause(['[tcp @ 0x1] [error] Connection refused'], end)).toBe('ENDED')
  })
})
