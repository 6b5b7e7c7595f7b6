import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const project: Record<string, Record<string, string>> = JSON.parse(read('package.json'))
const sections = read('docs/dependencies.md').split(/^## /m)

/** The rows of a section's table: name and licence. */
function rows(title: string) {
  const section = sections.find((text) => text.startsWith(title)) ?? ''
  return [...section.matchAll(/^\| ([^ |]+) \| ([^|]+) \| [^|]{10,} \|$/gm)]
    .map(([, name, licence]) => [name, licence] as const)
    .filter(([name]) => name !== 'package' && name !== '---')
}

describe.each([
  ['In production', 'dependencies'],
  ['In development', 'devDependencies'],
])('docs/dependencies.md: %s', (title, field) => {
  it('gives a reason for each package, and for no other', () => {
    expect(rows(title).map(([name]) => name)).toEqual(Object.keys(project[field] ?? {}).sort())
  })

  it('names the licence that the installed package names', () => {
    for (const [name, licence] of rows(title)) {
      expect({ name, licence }).toEqual({
        name,
        licence: JSON.parse(read(`node_modules/${name}/package.json`)).license,
      })
    }
  })

  it('has exact versions', () => {
    for (const version of Object.values(project[field] ?? {})) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  })
})
