import { describe, expect, it } from 'vitest'
import { duration, progressLine } from '../../scripts/setup/progress.mjs'

function written(isTTY: boolean, fractions: number[]) {
  const texts: string[] = []
  let now = 0
  const line = progressLine('building', { out: { isTTY, write: (text: string) => texts.push(text) }, now: () => now })
  for (const fraction of fractions) {
    line.to(fraction)
    now += 30_000
  }
  line.end()
  return texts
}

describe('progressLine', () => {
  it('writes a line for every 10 % where nobody watches', () => {
    expect(written(false, [0.01, 0.02, 0.05, 0.11, 0.19, 0.2, 1])).toEqual([
      'building: 1 % (0 s)\n',
      'building: 11 % (1 min 30 s)\n',
      'building: 20 % (2 min 30 s)\n',
      'building: 100 % (3 min 0 s)\n',
    ])
  })

  it('redraws one line on a terminal', () => {
    expect(written(true, [0.01, 0.02])).toEqual(['\rbuilding: 1 % (0 s)\x1b[K', '\rbuilding: 2 % (30 s)\x1b[K', '\n'])
  })
})

describe('duration', () => {
  it.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [230, '3 min 50 s'],
  ])('%d seconds is %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })
})
