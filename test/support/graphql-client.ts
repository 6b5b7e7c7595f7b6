import type { TypedDocumentString } from '../../src/client/generated/graphql.ts'
import type { ErrorCode, FieldError } from '../../src/errors.ts'

export interface GraphqlError {
  message: string
  path?: (string | number)[]
  extensions?: { code?: ErrorCode; fields?: FieldError[] }
}

/** An answer with errors where none were expected. */
export class UnexpectedErrors extends Error {
  readonly errors: GraphqlError[]

  constructor(errors: GraphqlError[]) {
    super(errors.map(({ message, extensions }) => `${extensions?.code ?? 'no code'}: ${message}`).join('\n'))
    this.errors = errors
  }
}

/** The smallest client: one POST an operation, as any program in any language would. */
export class GraphqlClient {
  readonly #url: string
  readonly #key: string | null

  constructor(url: string, key: string | null) {
    this.#url = url
    this.#key = key
  }

  /** The answer as it comes, with data and errors. */
  async answer<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<{ data: Data | null; errors: GraphqlError[] }> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.#key === null ? {} : { authorization: `Bearer ${this.#key}` }),
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    })
    const body = (await response.json()) as { data?: Data | null; errors?: GraphqlError[] }
    return { data: body.data ?? null, errors: body.errors ?? [] }
  }

  /** The data; throws UnexpectedErrors. */
  async request<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const { data, errors } = await this.answer(document, variables)
    if (errors.length > 0 || data === null) throw new UnexpectedErrors(errors)
    return data
  }
}
