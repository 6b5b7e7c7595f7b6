import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseArrayText } from '../../../src/platform/database/array-text.ts'

const same = (text: string) => text

it.each([
  ['{}', []],
  ['{READ,WRITE}', ['READ', 'WRITE']],
  ['{4000000001}', ['4000000001']],
  ['{a,NULL,"NULL",""}', ['a', null, 'NULL', '']],
  ['{"a b","c,d","e\\"f","g\\\\h","{i}"}', ['a b', 'c,d', 'e"f', 'g\\h', '{i}']],
])('%s', (text, expected) => {
  expect(parseArrayText(text, same)).toEqual(expected)
})

it('reads back every text', () => {
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      expect(parseArrayText(`{${texts.map(quote).join(',')}}`, same)).toEqual(texts)
    }),
  )
})
