import { expect, test } from 'vitest'
import { type Address, createLookup, createResolve } from '../../../src/sources/gate/resolve.ts'
import { rulesAllowing } from '../../support/gate.ts'

const v4 = (address: string): Address => ({ address, family: 4 })
const rules = rulesAllowing('127.0.0.2/32')

test('of the answers only those that the rules allow are connected to', async () => {
  const resolve = createResolve(
    rules,
    async () => [v4('127.0.0.1'), v4('8.8.8.8'), v4('10.0.0.1')],
    () => 0,
  )
  expect(await resolve('camera.example')).toEqual([v4('8.8.8.8')])
})

test.each(['127.0.0.1', '[::1]', '::ffff:127.0.0.1', '169.254.169.254', '10.0.0.1'])('%s is refused', async (host) => {
  const resolve = createResolve(
    rules,
    () => Promise.reject(new Error('not asked')),
    () => 0,
  )
  await expect(resolve(host)).rejects.toMatchObject({ cause: 'BLOCKED' })
})

test('an answer counts for 30 s, and each new one is looked at anew', async () => {
  const answers = [[v4('8.8.8.8')], [v4('127.0.0.1')]]
  let asked = 0
  let at = 0
  const resolve = createResolve(
    rules,
    async () => answers[asked++]!,
    () => at,
  )
  for (at = 0; at < 30_000; at += 1000) expect(await resolve('Camera.example')).toEqual([v4('8.8.8.8')])
  expect(asked).toBe(1)
  await expect(resolve('camera.example')).rejects.toMatchObject({ cause: 'BLOCKED' })
})

test.each([
  ['nothing', async () => []],
  ['an error', () => Promise.reject(new Error('ENOTFOUND'))],
])('a name that is answered with %s is not known', async (_, lookup) => {
  await expect(createResolve(rules, lookup, () => 0)('camera.example')).rejects.toMatchObject({ cause: 'DNS' })
})

test('a name is looked up once at a time, whoever asks', async () => {
  let asked = 0
  const { promise, resolve } = Promise.withResolvers<Address[]>()
  const lookup = createLookup(() => {
    asked += 1
    return promise
  })
  const both = Promise.all([lookup('a.example'), lookup('a.example')])
  resolve([v4('8.8.8.8')])
  await both
  expect(asked).toBe(1)
  await lookup('a.example')
  expect(asked).toBe(2)
})
