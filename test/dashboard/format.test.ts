import { describe, expect, test } from 'vitest'
import {
  formatBitrate,
  formatBytes,
  formatCodecs,
  formatCount,
  formatDuration,
  formatFps,
  formatPercent,
  formatSize,
} from '../../src/dashboard/format.ts'

describe('a figure', () => {
  test('that is not known is a dash, and nought is nought', () => {
    const numeric = [formatBitrate, formatBytes, formatCount, formatDuration, formatFps, formatPercent]
    for (const format of numeric) {
      expect(format(null)).toBe('–')
      expect(format(undefined)).toBe('–')
      expect(format(0)).toMatch(/^0/)
    }
    expect(formatSize(1280, null)).toBe('–')
    expect(formatCodecs(null)).toBe('–')
    expect(formatCodecs([])).toBe('–')
  })

  test('reads as people write it', () => {
    expect([64_000, 4_240_000, 12_600_000].map(formatBitrate)).toEqual(['64 kbit/s', '4.2 Mbit/s', '13 Mbit/s'])
    expect([41e6, 1.26e9].map(formatBytes)).toEqual(['41 MB', '1.3 GB'])
    expect([3.14, 9.96, 142.4].map(formatPercent)).toEqual(['3.1 %', '10 %', '142 %'])
    expect([25, 29.97, 25.02].map(formatFps)).toEqual(['25', '30', '25'])
    expect([0.9, 59, 60, 3600, 11_100, 90_000].map(formatDuration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 h 00 min',
      '3 h 05 min',
      '1 d 1 h',
    ])
    expect(formatSize(1920, 1080)).toBe('1920 × 1080')
    expect(formatCodecs(['h264', 'aac', 'exotic'])).toBe('H.264 + AAC + exotic')
  })
})
