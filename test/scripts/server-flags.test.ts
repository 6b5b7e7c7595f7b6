import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { serverFlags } from '../../scripts/setup/server-flags.mjs'

test('the image starts the server with the same flags as npm start', () => {
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  expect(dockerfile).toContain(`CMD ${JSON.stringify(['node', ...serverFlags, 'src/main.ts']).replaceAll(',', ', ')}`)
})
