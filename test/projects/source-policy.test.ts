import { expect, test } from 'vitest'
import { changeSourcePolicy } from '../../src/projects/source-policy.ts'

test('absent keeps, null is as the server has it, a list takes the place of another', () => {
  const before = { schemes: ['rtsp'], denyCidrs: ['10.0.0.0/8'] }
  expect(changeSourcePolicy(before, undefined, 'x')).toEqual(before)
  expect(changeSourcePolicy(before, {}, 'x')).toEqual(before)
  expect(changeSourcePolicy(before, null, 'x')).toEqual({})
  expect(changeSourcePolicy(before, { schemes: null, allowCidrs: ['fd00::/8', '192.0.2.7'] }, 'x')).toEqual({
    denyCidrs: ['10.0.0.0/8'],
    allowCidrs: ['fd00::/8', '192.0.2.7'],
  })
  expect(changeSourcePolicy({}, { schemes: [' RTSP ', 'rtsp', 'srt'] }, 'x')).toEqual({ schemes: ['rtsp', 'srt'] })
  expect(changeSourcePolicy({}, { schemes: [] }, 'x')).toEqual({ schemes: [] })
})

test.each([
  [{ schemes: ['rtsp', 'file'] }, 'x.schemes.1'],
  [{ allowCidrs: ['10.0.0.1/8'] }, 'x.allowCidrs.0'],
  [{ denyCidrs: ['example.com'] }, 'x.denyCidrs.0'],
  [{ denyCidrs: Array.from({ length: 101 }, () => '10.0.0.0/8') }, 'x.denyCidrs'],
])('%j is refused by its path', (input, path) => {
  expect(() => changeSourcePolicy({}, input, 'x')).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', details: { fields: [expect.objectContaining({ path })] } }),
  )
})
