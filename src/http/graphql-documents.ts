import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
  visit,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { badInput, WeirError } from '../errors.ts'
import { type Excess, limits } from './graphql-limits.ts'
import { excessOfDocument, excessOfText } from './graphql-measure.ts'
import { hasOnlyText, placeOfNoText } from './graphql-text.ts'
import { excessOfVariables } from './graphql-variables.ts'

export interface DocumentRules {
  /** The schema can be asked for. */
  introspection: boolean
  /** What is misspelt is told with what there is. */
  suggestions: boolean
}

/** More errors than this are not looked for. */
export const maxErrors = 8

/** What is kept of documents, good or bad, by their weight: about the tokens of their trees, half a kB each, and their texts beside. */
const maxCachedWeight = 60_000

function weightOf(text: string, { document }: Known): number {
  return 10 + (document?.tokenCount ?? 0) + text.length / 100
}

/** What came of a document's text, which is the same each time. */
interface Known {
  /** Null where it was not parsed. */
  document: DocumentNode | null
  /** What it is refused for before it is validated. */
  refusal: unknown
  /** Null as long as it wasn't validated. */
  errors: readonly GraphQLError[] | null
}

/**
 * Every document and its variables are measured before anything else is done with them: over HTTP, SSE and WebSocket these hooks are the same. A
 * document that was seen before is not parsed and validated again.
 */
export function useDocuments(rules: DocumentRules): Plugin {
  const cache = new DocumentCache()
  const byDocument = new WeakMap<DocumentNode, Known>()

  function read(text: string): Known {
    let document: DocumentNode | null = null
    try {
      refuse(excessOfText(text), 'document')
      document = parse(text, { maxTokens: limits.tokens.max })
      refuse(excessOfDocument(document), 'document')
      if (!hasOnlyText(text, document)) throw noText('query')
      if (!rules.introspection) refuseIntrospection(document)
      return { document, refusal: null, errors: null }
    } catch (refusal) {
      return { document, refusal, errors: null }
    }
  }

  function errorsOf(known: Known, schema: GraphQLSchema, given: readonly ValidationRule[] | undefined) {
    if (known.refusal) return [asGraphqlError(known.refusal)]
    const options = { maxErrors, hideSuggestions: !rules.suggestions }
    known.errors ??= validate(schema, known.document!, given ?? specifiedRules, options)
    return known.errors
  }

  return {
    onParse({ params, setParsedDocument }) {
      const text = String(params.source)
      const known = cache.get(text) ?? read(text)
      cache.set(text, known)
      // What could be parsed is refused with what is not valid: until then others see what it would have been.
      if (!known.document) throw known.refusal
      byDocument.set(known.document, known)
      setParsedDocument(known.document)
    },
    onValidate({ context, params: { schema, documentAST, rules: given }, setResult }) {
      const known = byDocument.get(documentAST) ?? { document: documentAST, refusal: null, errors: null }
      const { variables } = (context as WithParams).params ?? {}
      const excess = excessOfVariables(variables)
      if (excess) return setResult([asGraphqlError(tooMuch(excess, 'operation'))])
      const place = placeOfNoText(variables)
      setResult(place === null ? errorsOf(known, schema, given) : [asGraphqlError(noText(place || 'variables'))])
    },
    // Variables are coerced there.
    onExecute({ args }) {
      Object.assign(args, { hideSuggestions: !rules.suggestions })
    },
    onSubscribe({ args }) {
      Object.assign(args, { hideSuggestions: !rules.suggestions })
    },
  }
}

const noText = (path: string) => badInput(path, 'a string holds what is no text: NUL, or half a surrogate pair')

interface WithParams {
  params?: { variables?: unknown }
}

function refuse(excess: Excess | null, where: string): void {
  if (excess) throw tooMuch(excess, where)
}

function tooMuch({ limit, needed }: Excess, where: string): WeirError {
  const { max, what } = limits[limit]
  return new WeirError('TOO_COMPLEX', `The ${where} has more than ${max} ${what}.`, { needed, available: max })
}

function asGraphqlError(error: unknown): GraphQLError {
  return new GraphQLError((error as Error).message, { originalError: error as Error })
}

/** By the fields' own names, wherever they stand: what operations, fragments and aliases are called says nothing. */
function refuseIntrospection(document: DocumentNode): void {
  visit(document, {
    [Kind.FIELD]({ name: { value } }) {
      if (value === '__schema' || value === '__type')
        throw new WeirError('BAD_USER_INPUT', 'The schema can not be asked for here (INTROSPECTION).')
    },
  })
}

/** By text; the one that was used longest ago goes first. */
class DocumentCache {
  readonly #known = new Map<string, Known>()
  #weight = 0

  get(text: string): Known | undefined {
    return this.#known.get(text)
  }

  set(text: string, known: Known): void {
    if (!this.#known.delete(text)) this.#weight += weightOf(text, known)
    this.#known.set(text, known)
    for (const [oldest, other] of this.#known) {
      if (this.#weight <= maxCachedWeight) return
      this.#known.delete(oldest)
      this.#weight -= weightOf(oldest, other)
    }
  }
}
