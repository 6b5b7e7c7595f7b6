import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAbandoned, underLock } from '../../scripts/setup/lock.mjs'

describe('isAbandoned', () => {
  const seen = { host: 'here', ageMs: 1000, alive: (pid: number) => pid === 7 }

  it('is so only where its holder has surely gone', () => {
    expect(isAbandoned({ pid: 7, host: 'here' }, seen)).toBe(false)
    expect(isAbandoned({ pid: 8, host: 'here' }, seen)).toBe(true)
    expect(isAbandoned({ pid: 8, host: 'there' }, seen)).toBe(false)
    expect(isAbandoned({ pid: 7, host: 'there' }, { ...seen, ageMs: 2 * 60 * 60 * 1000 })).toBe(true)
  })

  it('gives a holder time to write its name', () => {
    expect(isAbandoned(null, seen)).toBe(false)
    expect(isAbandoned(null, { ...seen, ageMs: 11_000 })).toBe(true)
  })
})

describe('underLock', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-lock-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('lets one in at a time, and the next after a failure', async () => {
    const file = join(folder, 'a.lock')
    let inside = 0
    const visits = [1, 2, 3].map((visit) =>
      underLock(file, async () => {
        expect(++inside).toBe(1)
        await new Promise(setImmediate)
        inside--
        if (visit === 1) throw new Error('failed')
        return visit
      }),
    )
    const ends = await Promise.allSettled(visits)
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('takes the place of a holder that died', async () => {
    const file = join(folder, 'a.lock')
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    expect(await underLock(file, async () => 'in')).toBe('in')
  })
})
