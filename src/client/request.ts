import { operationOf, type TypedDocument, textOf } from './document.ts'
import { errorOf, type GraphqlError, unavailable, WeirError } from './errors.ts'
import { isSafeToRepeat, type RetryLimits, retryDelayMs } from './retry.ts'
import { sleep } from './sleep.ts'

export interface RequestOptions {
  signal?: AbortSignal
  /** For one attempt, ms. */
  timeoutMs?: number
  retry?: Partial<RetryLimits>
  /** Goes out though the page is being left. */
  keepalive?: boolean
}

export interface HttpSettings {
  url: string
  headers: () => Promise<Record<string, string>>
  fetch: typeof fetch
  print: ((tree: never) => string) | undefined
}

const timeoutMs = 10_000

/** One operation over HTTP. Rejects with a WeirError, or with the signal's reason. What may be repeated safely is, a few times. */
export async function request<Data, Variables>(
  http: HttpSettings,
  document: TypedDocument<Data, Variables> | string,
  variables: Variables,
  options: RequestOptions,
): Promise<Data> {
  const query = textOf(document as never, http.print)
  const safe = isSafeToRepeat(operationOf(query), (variables ?? {}) as Record<string, unknown>)
  const limits = { maxRetries: 3, maxWaitMs: 15_000, ...options.retry }
  for (let retries = 0; ; retries++) {
    try {
      return await attempt<Data>(http, JSON.stringify({ query, variables }), options)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof WeirError)) throw error
      const delayMs = retryDelayMs(error, retries, safe, Math.random(), limits)
      if (delayMs === null) throw error
      await sleep(delayMs, options.signal)
    }
  }
}

async function attempt<Data>(http: HttpSettings, body: string, options: RequestOptions): Promise<Data> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const headers = await http.headers()
  let response: Response
  let answer: { data?: Data | null; errors?: GraphqlError[] }
  try {
    response = await http.fetch(http.url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json', Accept: 'application/json' },
      body,
      signal,
      ...(options.keepalive ? { keepalive: true } : {}),
    })
    answer = (await response.json()) as typeof answer
  } catch (error) {
    throw unavailable(error)
  }
  if (answer.data && !answer.errors?.length) return answer.data
  const error = errorOf(answer.errors?.[0])
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN)
  if (error.retryAfterSeconds !== null || !(retryAfter >= 0)) throw error
  throw new WeirError(error.code, error.message, { ...error.details, retryAfterSeconds: retryAfter })
}
