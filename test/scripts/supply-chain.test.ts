import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { installScripts, lockedPackages, permissive, toolLicences } from '../../scripts/supply-chain.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const packages = lockedPackages()

describe('the lock file', () => {
  it('takes every package from the registry, by its checksum', () => {
    expect(packages.length).toBeGreaterThan(100)
    for (const { name, resolved, integrity } of packages) {
      // npm leaves out where from for the registry that it is set to; a git or tar address always stands there.
      expect(resolved ?? 'https://registry.npmjs.org/', name).toMatch(/^https:\/\/registry\.npmjs\.org\//)
      expect(integrity, name).toMatch(/^sha512-/)
    }
  })

  it('has the exact versions of package.json', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
      expect(packages.find(({ path }) => path === `node_modules/${name}`)?.version, name).toBe(version)
    }
  })

  it('brings install scripts of known packages alone, and none runs', () => {
    const names = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
    expect([...new Set(names)].sort()).toEqual(Object.keys(installScripts).sort())
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  })
})

describe('licences', () => {
  it('of what runs in production are permissive', () => {
    const others = packages.filter(({ production, licence }) => production && !permissive.includes(licence))
    expect(others.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([])
  })

  it('of tools are permissive, or named with a reason', () => {
    const isNamed = (name: string, licence: string) =>
      Object.entries(toolLicences).some(
        ([tool, reason]) => (name === tool || name.startsWith(`${tool}-`)) && reason.startsWith(`${licence}:`),
      )
    const others = packages.filter(({ name, licence }) => !permissive.includes(licence) && !isNamed(name, licence))
    expect(others.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([])
  })

  it('of installed packages are those that the lock file says', () => {
    for (const { path, name, licence, production } of packages.filter((one) => one.production)) {
      let installed: { license?: string }
      try {
        installed = JSON.parse(read(`${path}/package.json`))
      } catch {
        // Of another platform.
        continue
      }
      expect({ name, licence: installed.license ?? 'none named', production }).toEqual({ name, licence, production })
    }
  })
})
