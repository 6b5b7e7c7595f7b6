import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { pages } from '../scripts/docs.ts'
import { settings } from '../src/config/settings.ts'
import { readConfig } from '../src/config.ts'

it.each(Object.keys(pages))('%s is current (npm run docs)', async (path) => {
  expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(pages[path]!())
})

it('.env.example sets nothing, and with every line taken up it sets the defaults', () => {
  const example = pages['.env.example']!()
  expect(parseEnv(example)).toEqual({})
  const taken = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''))
  expect(Object.keys(taken).sort()).toEqual(
    Object.values(settings)
      .map(({ env }) => env as string)
      .sort(),
  )
  expect(readConfig(taken)).toEqual(readConfig({}))
})
