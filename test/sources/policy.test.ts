import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIpRange } from '../../src/network/ip.ts'
import { refusalOf, type SourceRules } from '../../src/sources/policy.ts'

const ranges = (...texts: string[]) => texts.map((text) => parseIpRange(text)!)
const usual: SourceRules = { always: [], allowPrivate: true, schemes: null, only: null, never: [] }

describe('where sources may be', () => {
  test.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '224.0.0.5',
    '100.100.100.200',
    'nothing',
  ])('%s is refused, whatever a project says', (address) => {
    expect(refusalOf(address, usual)).not.toBeNull()
    expect(refusalOf(address, { ...usual, only: ranges('0.0.0.0/0', '::/0') })).not.toBeNull()
  })

  test('the operator may allow this machine, and a project may still refuse it', () => {
    const allowed = { ...usual, always: ranges('127.0.0.0/8') }
    expect(refusalOf('127.0.0.1', allowed)).toBeNull()
    expect(refusalOf('::ffff:127.0.0.1', allowed)).toBeNull()
    expect(refusalOf('::1', allowed)).not.toBeNull()
    expect(refusalOf('127.0.0.1', { ...allowed, never: ranges('127.0.0.1/32') })).not.toBeNull()
  })

  test('private addresses as the server has it; public ones unless the project says otherwise', () => {
    expect(refusalOf('192.168.1.4', usual)).toBeNull()
    expect(refusalOf('192.168.1.4', { ...usual, allowPrivate: false })).toMatch(/SOURCE_ALLOW_PRIVATE/)
    expect(refusalOf('8.8.8.8', usual)).toBeNull()
    expect(refusalOf('8.8.8.8', { ...usual, only: ranges('9.9.9.0/24') })).not.toBeNull()
  })

  test('whatever a project narrows, it opens nothing', () => {
    const range = fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip]) => parseIpRange(ip)!)
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6()),
        fc.array(range),
        fc.option(fc.array(range)),
        fc.boolean(),
        (address, never, only, allowPrivate) => {
          const server = { ...usual, allowPrivate }
          if (refusalOf(address, server) !== null) expect(refusalOf(address, { ...server, never, only })).not.toBeNull()
        },
      ),
      { numRuns: 2000 },
    )
  })
})
