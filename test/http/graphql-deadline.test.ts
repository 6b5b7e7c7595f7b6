import { type ExecutionArgs, parse } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import { WeirError } from '../../src/errors.ts'
import { useDeadline } from '../../src/http/graphql-deadline.ts'

type Run = (args: ExecutionArgs) => unknown

/** What the plugin makes of this function. */
function wrap(hook: 'onExecute' | 'onSubscribe', fn: Run, ms: number): Run {
  let wrapped = fn
  const set = (next: Run) => {
    wrapped = next
  }
  const payload = { executeFn: fn, subscribeFn: fn, setExecuteFn: set, setSubscribeFn: set }
  useDeadline(ms)[hook]!(payload as never)
  return wrapped
}
const args: ExecutionArgs = { schema, document: parse('subscription { streams { reset } }') }

test('a subscription that does not begin in time is TIMEOUT, and is ended when it begins at last', async () => {
  const begin = Promise.withResolvers<unknown>()
  const ended = Promise.withResolvers<string>()
  const subscribe = wrap('onSubscribe', () => begin.promise, 20)
  const { errors } = (await subscribe(args)) as { errors: { originalError: WeirError }[] }
  expect(errors).toHaveLength(1)
  expect(errors[0]!.originalError).toBeInstanceOf(WeirError)
  expect(errors[0]!.originalError.code).toBe('TIMEOUT')
  begin.resolve({ return: () => ended.resolve('ended'), [Symbol.asyncIterator]: () => null })
  expect(await ended.promise).toBe('ended')
})

test('one that begins in time is left alone', async () => {
  const source = { return: () => expect.fail('it was ended'), [Symbol.asyncIterator]: () => null }
  expect(await wrap('onSubscribe', async () => source, 20)(args)).toBe(source)
})

test('what is executed is told by its signal; what it answers or throws later is dropped', async () => {
  const late = Promise.withResolvers<never>()
  let signal: AbortSignal | null = null
  const execute = wrap(
    'onExecute',
    (given) => {
      signal = (given as { signal?: AbortSignal }).signal ?? null
      return late.promise
    },
    20,
  )
  expect(await execute(args)).toMatchObject({ errors: [{ originalError: { code: 'TIMEOUT' } }] })
  expect(signal).toMatchObject({ aborted: true })
  late.reject(new Error('too late'))
})

test('what fails in time fails as it did, and what is there at once needs no timer', async () => {
  await expect(wrap('onExecute', () => Promise.reject(new Error('as it was')), 20)(args)).rejects.toThrow('as it was')
  expect(wrap('onExecute', () => ({ data: {} }), 20)(args)).toEqual({ data: {} })
})
