/** What codegen makes of a document (TypedDocumentString, TypedDocumentNode): its text or tree, with the types of data and variables. */
export interface TypedDocument<Data, Variables> {
  readonly __apiType?: (variables: Variables) => Data
}

/** A tree of `graphql`'s parse, as far as it has to be told from a text. */
interface DocumentTree {
  readonly kind: string
  readonly loc?: { readonly source: { readonly body: string } } | undefined
}

/**
 * A document of one's own, typed by hand: for who has no codegen.
 * @__NO_SIDE_EFFECTS__
 */
export function document<Data, Variables = Record<string, never>>(text: string): TypedDocument<Data, Variables> {
  return { toString: () => text } as TypedDocument<Data, Variables>
}

/** The text of a document. A tree has it where `gql` parsed it; codegen's trees need graphql's `print`. */
export function textOf(
  given: TypedDocument<unknown, never> | string,
  print?: ((tree: never) => string) | undefined,
): string {
  const tree = given as unknown as DocumentTree
  if (typeof given === 'string' || tree.kind !== 'Document') return String(given)
  const text = tree.loc?.source.body ?? print?.(given as never)
  if (text === undefined) {
    throw new TypeError(
      'A TypedDocumentNode without its text: give createClient graphql\'s print, or use documentMode "string".',
    )
  }
  return text
}

/** A piece of a document. `value` is the text as it stands there. */
export interface Token {
  kind: 'name' | 'string' | 'other'
  value: string
  start: number
  end: number
}

const piece =
  /(?<skipped>[\s,\uFEFF]+|#[^\n\r]*)|(?<name>[_A-Za-z]\w*)|(?<string>"""(?:[^\\"]|\\"""|\\|"(?!""))*"""|"(?:[^"\\\n\r]|\\.)*")|(?<other>\.\.\.|-?[0-9][\w.+-]*|.)/gsu

/** The pieces that have a meaning, in order. Strings and comments hide nothing from it. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(piece)) {
    const { name, string, other } = match.groups!
    const value = name ?? string ?? other
    if (value === undefined) continue
    const kind = name !== undefined ? 'name' : string !== undefined ? 'string' : 'other'
    tokens.push({ kind, value, start: match.index, end: match.index + value.length })
  }
  return tokens
}

/** The first operation of a document: its kind, and where its parts are (indices of tokens). */
export interface Operation {
  kind: 'query' | 'mutation' | 'subscription'
  tokens: Token[]
  /** Of the word that it begins with, or of its `{`. */
  keyword: number
  /** Of the `(` and `)` around the variables; null where there are none. */
  variables: readonly [open: number, close: number] | null
  /** Of the `{` of its selection. */
  selection: number
  /** Its fields, by name; fragments are not looked into. */
  fields: RootField[]
}

export interface RootField {
  name: string
  /** Index of the token after the field's name. */
  after: number
  arguments: readonly [open: number, close: number] | null
  selection: readonly [open: number, close: number] | null
}

const closing: Record<string, string> = { '(': ')', '{': '}', '[': ']' }

/** Null for what is no operation. */
export function operationOf(text: string): Operation | null {
  const tokens = tokensOf(text)
  const at = (index: number) => tokens[index]?.value
  /** The index of what closes that which opens at `open`. */
  const closeOf = (open: number): number => {
    let depth = 0
    for (let index = open; index < tokens.length; index++) {
      if (tokens[index]!.kind === 'string') continue
      if (at(index)! in closing) depth++
      else if ([')', '}', ']'].includes(at(index)!) && --depth === 0) return index
    }
    return tokens.length
  }
  let index = 0
  while (at(index) === 'fragment') {
    while (index < tokens.length && at(index) !== '{') index++
    index = closeOf(index) + 1
  }
  const keyword = index
  const kind = at(keyword) === '{' ? 'query' : at(keyword)
  if (kind !== 'query' && kind !== 'mutation' && kind !== 'subscription') return null
  let variables: Operation['variables'] = null
  while (index < tokens.length && at(index) !== '{') {
    if (at(index) !== '(') index++
    else {
      const close = closeOf(index)
      variables ??= [index, close]
      index = close + 1
    }
  }
  if (index >= tokens.length) return null
  const selection = index
  const end = closeOf(selection)
  const fields: RootField[] = []
  const skipDirectives = () => {
    while (at(index) === '@') {
      index += 2
      if (at(index) === '(') index = closeOf(index) + 1
    }
  }
  for (index = selection + 1; index < end; ) {
    if (at(index) === '...') {
      index++
      if (at(index) === 'on') index += 2
      else if (tokens[index]?.kind === 'name') index++
      skipDirectives()
      if (at(index) === '{') index = closeOf(index) + 1
      continue
    }
    if (tokens[index]!.kind !== 'name') return null
    if (at(index + 1) === ':') index += 2
    const field: RootField = { name: at(index) ?? '', after: ++index, arguments: null, selection: null }
    if (at(index) === '(') {
      field.arguments = [index, closeOf(index)]
      index = field.arguments[1] + 1
    }
    skipDirectives()
    if (at(index) === '{') {
      field.selection = [index, closeOf(index)]
      index = field.selection[1] + 1
    }
    fields.push(field)
  }
  return { kind, tokens, keyword, variables, selection, fields }
}
