import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { WeirError } from '../errors.ts'

/**
 * Ends an operation that takes longer with TIMEOUT: nothing more of it is begun, and resolvers that look at their signal are told. A subscription has
 * this long to begin. What a resolver waits for by then goes on by itself, and its answer is dropped.
 */
export function useDeadline(deadlineMs: number): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        const end = new AbortController()
        // Yoga's executor knows it by this name.
        const run = () => executeFn(Object.assign(args, { signal: end.signal }))
        return within(deadlineMs, run, () => {
          const error = lateError(args, deadlineMs)
          end.abort(error)
          return { errors: [error] }
        })
      })
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) => {
        let isLate = false
        const run = async () => {
          const source = await subscribeFn(args)
          // Nobody would ever end it.
          if (isLate && Symbol.asyncIterator in source) await source.return?.()
          return source
        }
        return within(deadlineMs, run, () => {
          isLate = true
          return { errors: [lateError(args, deadlineMs)] }
        })
      })
    },
  }
}

function lateError({ document, operationName }: ExecutionArgs, deadlineMs: number): GraphQLError {
  const isMutation = getOperationAST(document, operationName)?.operation === 'mutation'
  const message = `It took longer than ${deadlineMs / 1000} s (EXECUTION_TIMEOUT)${isMutation ? ': it may have been done nevertheless.' : '.'}`
  return new GraphQLError(message, { originalError: new WeirError('TIMEOUT', message) })
}

/** What `run` answers, or what `late` does where that takes longer; what comes later is dropped, errors too. */
function within<Answer>(ms: number, run: () => Answer | Promise<Answer>, late: () => Answer): Answer | Promise<Answer> {
  const answer = run()
  if (!isThenable(answer)) return answer
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late()), ms)
    answer.then(resolve, reject)
    const over = () => clearTimeout(timer)
    answer.then(over, over)
  })
}

function isThenable<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof value === 'object' && value !== null && 'then' in value
}
