import { readFileSync } from 'node:fs'
import type Hls from 'hls.js'
import { expect, expectTypeOf, test } from 'vitest'
import type { ErrorCode, HlsLibrary, MediasoupLibrary } from '../../src/client/index.ts'
import { errorTable } from '../../src/errors.ts'

test('the libraries that a caller brings fit what is used of them', () => {
  expectTypeOf<typeof import('mediasoup-client')>().toExtend<MediasoupLibrary>()
  expectTypeOf<typeof import('hls.js')>().toExtend<{ default: HlsLibrary }>()
  expectTypeOf<typeof Hls>().toExtend<HlsLibrary>()
})

test('the codes are those of the table', () => {
  expectTypeOf<keyof typeof errorTable>().toEqualTypeOf<ErrorCode>()
  const known = readFileSync(new URL('../../src/client/errors.ts', import.meta.url), 'utf8')
  for (const code of Object.keys(errorTable)) expect(known).toContain(`'${code}'`)
})
