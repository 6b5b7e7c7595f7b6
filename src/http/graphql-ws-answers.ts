import type { FormattedExecutionResult, GraphQLError } from 'graphql'
import type { OperationResult } from 'graphql-ws'
import type { Outbox } from './socket-outbox.ts'

/** As graphql-ws hands it to its hooks. */
type Answers = Extract<Awaited<OperationResult>, AsyncIterable<unknown>>
type Answer = Answers extends AsyncIterable<infer One> ? One : never

/** What a result is as JSON, made once for all who are told one and the same. */
const texts = new WeakMap<Answer, Buffer>()

/**
 * Sends the answers of one subscription itself and leaves graphql-ws only the end of it: frames of one answer differ in
 * nothing but the id, and thousands of them may be due at once. The next answer is asked for when the bytes of the last
 * have left. As an iteration it has no values: it is done, or fails, when the answers are or do.
 */
export function sendAnswers(outbox: Outbox, id: string, answers: Answers): AsyncGenerator<never, void> {
  const source = answers[Symbol.asyncIterator]()
  const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  const over = { done: true, value: undefined } as const
  let ended = false

  async function end(): Promise<typeof over> {
    ended = true
    await source.return?.()
    return over
  }

  return {
    async next() {
      for (;;) {
        const { done, value } = await source.next()
        if (done || ended) return over
        try {
          await outbox.send(Buffer.concat([head, textOf(value)]))
        } catch (error) {
          await end()
          throw error
        }
      }
    },
    return: end,
    async throw(error) {
      await end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await end()
    },
  }
}

/** With the brace that ends the frame. */
function textOf(result: Answer): Buffer {
  const known = texts.get(result)
  if (known) return known
  const text = Buffer.from(`${JSON.stringify(payloadOf(result))}}`)
  texts.set(result, text)
  return text
}

export function payloadOf(result: Answer): FormattedExecutionResult {
  return (result.errors ? { ...result, errors: result.errors.map(withoutHttp) } : result) as FormattedExecutionResult
}

/** The HTTP status means nothing here. */
export function withoutHttp(error: GraphQLError) {
  const { http: _, ...extensions } = error.extensions
  return { ...error.toJSON(), extensions }
}

export function areAnswers(result: OperationResult): result is Answers {
  return Symbol.asyncIterator in result
}
