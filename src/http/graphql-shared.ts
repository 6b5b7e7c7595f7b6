import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  GraphQLError,
  validateSubscriptionArgs,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { canonical } from '../../schema/canonical.ts'
import type { GraphqlContext } from '../../schema/context.ts'

/** Answers are shared for about so long: what is resolved beside the message itself may have changed by then. */
const sharedForMs = 250

type Answer = ReturnType<typeof executeSubscriptionEvent>

/**
 * One execution for all subscribers that are told the same message by the same document, variables and rights. Sources
 * that have many subscribers give all of them one and the same object (events of the log, updates of a wall): that
 * object is what it is known by. Who is told an object of its own, or asks otherwise, is executed by itself.
 */
export function useSharedExecution({ now = () => performance.now() }: { now?: () => number } = {}): Plugin {
  const numbers = new WeakMap<DocumentNode, number>()
  let lastNumber = 0
  let since = now()
  let answers = new WeakMap<object, Map<string, Answer>>()

  const numberOf = (document: DocumentNode) => {
    const number = numbers.get(document) ?? ++lastNumber
    numbers.set(document, number)
    return number
  }

  function answersTo(message: object): Map<string, Answer> {
    if (now() - since >= sharedForMs) {
      since = now()
      answers = new WeakMap()
    }
    const known = answers.get(message) ?? new Map<string, Answer>()
    answers.set(message, known)
    return known
  }

  async function subscribe(args: ExecutionArgs): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
    const validated = validateSubscriptionArgs(args)
    if (!('schema' in validated)) return { errors: validated }
    const source = await createSourceEventStream(validated)
    if (!(Symbol.asyncIterator in source)) return source
    const context = args.contextValue as GraphqlContext
    const asked = `${numberOf(args.document)} ${args.operationName ?? ''} ${canonical(args.variableValues ?? {})}`
    // Made once for each caller: a string put together anew is hashed anew.
    let caller: GraphqlContext['caller'] | null = null
    let key = ''
    const keyOf = (context: GraphqlContext) => {
      if (context.caller !== caller) key = `${asked} ${rightsOf(context)}`
      caller = context.caller
      return key
    }
    const execute = (rootValue: unknown) => executeSubscriptionEvent({ ...validated, rootValue })
    const answer = (message: unknown) => {
      if (typeof message !== 'object' || message === null) return execute(message)
      const known = answersTo(message)
      const own = keyOf(context)
      const answer = known.get(own) ?? execute(message)
      known.set(own, answer)
      return answer
    }
    const answers = answering(source, answer, context.onEnd)
    return 'request' in context ? endingWithError(answers) : answers
  }

  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe)
    },
  }
}

/**
 * Over SSE what ends a subscription is told as its last message: a connection that breaks tells nothing. No generator: its
 * `return` would wait for the message that is waited for.
 */
function endingWithError(answers: AsyncGenerator<ExecutionResult, void>): AsyncGenerator<ExecutionResult, void> {
  return {
    ...answers,
    next: () =>
      answers.next().catch((error) => ({
        done: false,
        value: { errors: [new GraphQLError('', { originalError: error })] },
      })),
    return: () => answers.return(),
    throw: (error) => answers.throw(error),
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: () => answers[Symbol.asyncDispose](),
  }
}

/**
 * Each message's answer. What graphql-js has for it takes a dozen turns of the microtask queue for each message, and a
 * subscriber's every turn counts: a source here ends by itself when it is told to return, so that this needs no more.
 */
function answering(
  source: AsyncIterable<unknown>,
  answer: (message: unknown) => Answer,
  onEnd: GraphqlContext['onEnd'],
): AsyncGenerator<ExecutionResult, void> {
  const messages = source[Symbol.asyncIterator]()
  const over = { done: true, value: undefined } as const
  /** The caller's key is no longer good: told once, in place of whatever comes next. */
  let why: unknown = null
  const stopWatching = onEnd((error) => {
    why = error
    messages.return?.().catch(() => {})
  })
  const end = async () => {
    stopWatching()
    await messages.return?.()
    return over
  }
  return {
    async next() {
      try {
        const { done, value } = await messages.next()
        if (why !== null) {
          const error = why
          why = null
          throw error
        }
        if (!done) return { done: false, value: await answer(value) }
        stopWatching()
        return over
      } catch (error) {
        await end()
        throw error
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

/** What of a context an answer may depend on; the rest is the same for all. */
function rightsOf({ caller, origin }: GraphqlContext): string {
  const { projectId, scopes, actor, session } = caller
  return JSON.stringify([projectId, [...scopes].sort(), actor.kind, session?.consumerId, origin])
}
