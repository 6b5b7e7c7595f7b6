import { describe, expect, test } from 'vitest'
import { parseIpRange } from '../../src/network/ip.ts'
import { refusalOf } from '../../src/sources/policy.ts'
import { refusalAsWritten, sourceRules } from '../../src/sources/rules.ts'
import { createRulesReader } from '../../src/sources/rules-reader.ts'

const server = { always: [parseIpRange('127.0.0.2/32')!], allowPrivate: true }

describe('what is refused as it is written', () => {
  test.each<[string, boolean]>([
    ['rtsp://10.0.0.5/live', false],
    ['http://127.0.0.2/a', false],
    ['http://127.0.0.1/a', true],
    ['http://localhost./a', true],
    ['http://inner.localhost/a', true],
    ['http://example.com/a', false],
    ['rtsp://[::1]:554/a', true],
  ])('%s', (url, refused) => {
    expect(refusalAsWritten({ url }, sourceRules(server, {})) !== null).toBe(refused)
  })

  test('by the schemes and ranges of a project', () => {
    const rules = sourceRules(server, { schemes: ['rtsp'], allowCidrs: ['10.1.0.0/16'], denyCidrs: ['10.1.9.0/24'] })
    expect(refusalAsWritten({ url: 'rtsp://10.1.0.5/live' }, rules)).toBeNull()
    for (const url of ['http://10.1.0.5/', 'rtsp://10.1.9.5/', 'rtsp://10.2.0.5/', 'rtsp://127.0.0.2/'])
      expect(refusalAsWritten({ url }, rules)).not.toBeNull()
  })

  test('a range that can not be read allows nothing', () => {
    expect(refusalOf('10.0.0.1', sourceRules(server, { allowCidrs: ['10.0.0.1/8'] }))).not.toBeNull()
  })
})

describe('the rules of a project', () => {
  function reader(allowPrivate: boolean | null = null) {
    const state = { at: 0, reads: 0, isAlone: true, away: false }
    const rulesOf = createRulesReader({
      always: [],
      allowPrivate,
      async read() {
        state.reads += 1
        if (state.away) throw new Error('away')
        return { policy: {}, isAlone: state.isAlone }
      },
      monotonicMs: () => state.at,
    })
    return { state, rulesOf }
  }

  test('are read once in five seconds', async () => {
    const { state, rulesOf } = reader()
    for (state.at = 0; state.at < 20_000; state.at += 100) await rulesOf('p')
    expect(state.reads).toBe(4)
  })

  test('allow private addresses while the server is one project alone, or as it is set', async () => {
    const { state, rulesOf } = reader()
    expect((await rulesOf('p')).allowPrivate).toBe(true)
    state.isAlone = false
    state.at = 6_000
    expect((await rulesOf('p')).allowPrivate).toBe(false)
    expect((await reader(true).rulesOf('p')).allowPrivate).toBe(true)
    expect((await reader(false).rulesOf('p')).allowPrivate).toBe(false)
  })

  test('go on while the database is away', async () => {
    const { state, rulesOf } = reader()
    await rulesOf('p')
    state.away = true
    state.at = 3_600_000
    expect((await rulesOf('p')).allowPrivate).toBe(true)
    await expect(rulesOf('another')).rejects.toThrow('away')
  })
})
