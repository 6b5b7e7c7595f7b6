import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseFaults, plant } from './support/planted-faults.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const faults = parseFaults(read('test/faults.md'))

describe('test/faults.md', () => {
  test('numbers its faults from 1 on', () => {
    expect(faults.map(({ number }) => number)).toEqual(faults.map((_, i) => i + 1))
  })

  test.for(faults)('$number $title: its places and its test exist', ({ testFile, testName, changes }) => {
    for (const change of changes) expect(plant(read(change.file), change)).not.toBe(read(change.file))
    expect(read(testFile)).toContain(testName)
  })
})
