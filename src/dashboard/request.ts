import { authorization } from './key.ts'
import type { Operation } from './operations.ts'

/** An error as the API tells it. */
export interface ApiError {
  code: string
  message: string
  /** Which parts of the input were refused; paths as in `input.name`. */
  fields: { path: string; message: string }[]
}

interface GraphqlAnswer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string; fields?: ApiError['fields'] } }[]
}

export type Answer<Data> = { ok: true; data: Data } | { ok: false; error: ApiError }

const deadlineMs = 10_000

/** One operation over HTTP. Never rejects. */
export async function request<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  headers = authorization(),
): Promise<Answer<Data>> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: operation.text, variables }),
      signal: AbortSignal.timeout(deadlineMs),
    })
    const { data, errors } = (await response.json()) as GraphqlAnswer<Data>
    if (data && !errors?.length) return { ok: true, data }
    return { ok: false, error: toApiError(errors?.[0]) }
  } catch {
    return { ok: false, error: { code: 'UNAVAILABLE', message: 'The server does not answer.', fields: [] } }
  }
}

export function toApiError(error: NonNullable<GraphqlAnswer<unknown>['errors']>[number] | undefined): ApiError {
  return {
    code: error?.extensions?.code ?? 'INTERNAL',
    message: error?.message ?? 'The server gave no answer that makes sense.',
    fields: error?.extensions?.fields ?? [],
  }
}
