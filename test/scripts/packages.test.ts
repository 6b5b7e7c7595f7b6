import { describe, expect, it } from 'vitest'
import { missingPackages, stampFits } from '../../scripts/setup/packages.mjs'

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/hono': { version: '4.13.19', integrity: 'sha512-a' },
    'node_modules/vitest': { version: '5.1.0', integrity: 'sha512-b', dev: true },
    'node_modules/@esbuild/aix-ppc64': { version: '0.28.2', integrity: 'sha512-c', optional: true },
  },
}

describe('missingPackages', () => {
  it('finds nothing missing where all are installed, other platforms aside', () => {
    const { '': _, 'node_modules/@esbuild/aix-ppc64': __, ...packages } = wanted.packages
    expect(missingPackages(wanted, { packages }, 'all')).toEqual([])
  })

  it('names what is absent, of another version, or of other bytes', () => {
    const hono = 'node_modules/hono'
    const vitest = wanted.packages['node_modules/vitest']
    expect(missingPackages(wanted, {}, 'all')).toEqual([hono, 'node_modules/vitest'])
    for (const other of [
      { version: '4.13.18', integrity: 'sha512-a' },
      { version: '4.13.19', integrity: 'sha512-z' },
    ]) {
      expect(missingPackages(wanted, { packages: { [hono]: other, 'node_modules/vitest': vitest } }, 'all')).toEqual([
        hono,
      ])
    }
  })

  it('does not ask for development packages in production', () => {
    const packages = { 'node_modules/hono': wanted.packages['node_modules/hono'] }
    expect(missingPackages(wanted, { packages }, 'production')).toEqual([])
    expect(missingPackages(wanted, { packages }, 'all')).toEqual(['node_modules/vitest'])
  })
})

describe('stampFits', () => {
  it.each([
    ['abc all\n', 'abc', 'all', true],
    ['abc all\n', 'abc', 'production', true],
    ['abc production\n', 'abc', 'production', true],
    ['abc production\n', 'abc', 'all', false],
    ['abc all\n', 'abd', 'all', false],
    ['', 'abc', 'production', false],
  ] as const)('%j for %s %s: %s', (stamp, hash, set, fits) => {
    expect(stampFits(stamp, hash, set)).toBe(fits)
  })
})
