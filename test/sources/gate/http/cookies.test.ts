import { expect, test } from 'vitest'
import { Cookies } from '../../../../src/sources/gate/http/cookies.ts'

const from = new URL('https://live.cdn.example/master.m3u8')

test.each<[string, string, string | null]>([
  ['a=1', 'https://live.cdn.example/seg.ts', 'a=1'],
  ['a=1', 'https://other.cdn.example/seg.ts', null],
  ['a=1; Domain=cdn.example', 'https://other.cdn.example/seg.ts', 'a=1'],
  ['a=1; Domain=cdn.example', 'https://evilcdn.example/seg.ts', null],
  ['a=1; Domain=example', 'https://other.example/', null],
  ['a=1; Domain=elsewhere.example', 'https://elsewhere.example/', null],
  ['a=1; Path=/live', 'https://live.cdn.example/vod/seg.ts', null],
  ['a=1; Secure', 'http://live.cdn.example/seg.ts', null],
  ['a=1; Max-Age=0', 'https://live.cdn.example/', null],
  ['a=1\r\nx: y', 'https://live.cdn.example/', null],
  [`a=${'x'.repeat(5000)}`, 'https://live.cdn.example/', null],
])('%s for %s', (header, url, expected) => {
  const cookies = new Cookies()
  cookies.take(from, [header])
  expect(cookies.header(new URL(url))).toBe(expected)
})

test('a cookie is replaced, and 32 are kept', () => {
  const cookies = new Cookies()
  cookies.take(from, ['a=1', 'a=2'])
  expect(cookies.header(from)).toBe('a=2')
  for (let at = 0; at < 100; at += 1) cookies.take(from, [`c${at}=1`])
  expect(cookies.header(from)!.split('; ')).toHaveLength(32)
})
