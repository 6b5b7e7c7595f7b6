import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql'
import { type Excess, excessOf, type LimitName, limits } from './graphql-limits.ts'

const opening = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const closing = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/** What of a text is too much to be parsed: parsers go down as deep as the brackets do. Null for what is no GraphQL, which the parser tells. */
export function excessOfText(text: string): Excess | null {
  const tooLong = excessOf('characters', text.length)
  if (tooLong) return tooLong
  const lexer = new Lexer(new Source(text))
  let tokens = 0
  let open = 0
  try {
    for (;;) {
      const { kind } = lexer.advance()
      if (kind === TokenKind.EOF) return null
      tokens += 1
      if (opening.has(kind)) open += 1
      else if (closing.has(kind)) open -= 1
      const excess = excessOf('tokens', tokens) ?? excessOf('brackets', open)
      if (excess) return excess
    }
  } catch {
    return null
  }
}

/** What a selection comes to, with its fragments. */
interface Measure {
  fields: number
  aliases: number
  rootFields: number
  depth: number
  introspectionDepth: number
}

/** Thrown to end a measuring at once. */
class TooMuch {
  readonly excess: Excess
  constructor(excess: Excess) {
    this.excess = excess
  }
}

/**
 * What of a document is too much to be validated. Each selection is looked at once, whatever spreads it: the time goes by the document's length. It
 * works on any document that was parsed, also on one with circles, and goes by what stands there, not by names that a document gives itself.
 */
export function excessOfDocument(document: DocumentNode): Excess | null {
  try {
    measureDocument(document)
    return null
  } catch (error) {
    if (error instanceof TooMuch) return error.excess
    throw error
  }
}

interface Walk {
  fragments: Map<string, FragmentDefinitionNode>
  /** Null while it is being looked at: it spreads itself, which validation refuses. */
  measured: Map<string, Measure | null>
  /** How deep the measuring itself stands. */
  level: number
  directives: number
  spreads: number
  repeated: number
}

/** No honest document has this many selections inside each other; ours go by the stack. */
const maxLevel = 128

function measureDocument({ definitions }: DocumentNode): void {
  const operations: OperationDefinitionNode[] = []
  const walk: Walk = { fragments: new Map(), measured: new Map(), level: 0, directives: 0, spreads: 0, repeated: 0 }
  let fragments = 0
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments += 1
      walk.fragments.set(definition.name.value, definition)
    }
  }
  check('operations', operations.length)
  check('fragments', fragments)
  // Also those that nothing spreads: they are validated too.
  for (const definition of definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    countDirectives(walk, definition.directives)
    // Of a name that is there twice the first is not in the map.
    if (walk.fragments.get(definition.name.value) === definition) measureFragment(walk, definition.name.value)
    else measureSelection(walk, definition.selectionSet)
  }
  let fieldsOfAll = 0
  for (const operation of operations) {
    countDirectives(walk, operation.directives)
    const variables = operation.variableDefinitions ?? []
    check('variableDefinitions', variables.length)
    for (const { directives } of variables) countDirectives(walk, directives)
    const { rootFields, depth, fields } = measureSelection(walk, operation.selectionSet)
    fieldsOfAll += fields
    check('fields', fieldsOfAll)
    check('depth', depth)
    check(operation.operation === 'mutation' ? 'mutationFields' : 'queryFields', rootFields)
  }
}

function check(limit: LimitName, needed: number): void {
  const excess = excessOf(limit, needed)
  if (excess) throw new TooMuch(excess)
}

function measureFragment(walk: Walk, name: string): Measure | null {
  const known = walk.measured.get(name)
  if (known !== undefined) return known
  const fragment = walk.fragments.get(name)
  if (!fragment) return null
  walk.measured.set(name, null)
  const measure = measureSelection(walk, fragment.selectionSet)
  walk.measured.set(name, measure)
  return measure
}

/** Throws TooMuch as soon as the sum is: it never grows beyond a limit times a limit. */
function measureSelection(walk: Walk, selectionSet: SelectionSetNode): Measure {
  const sum: Measure = { fields: 0, aliases: 0, rootFields: 0, depth: 0, introspectionDepth: 0 }
  addSelections(walk, selectionSet, sum, new Set(), '')
  return sum
}

/** `seen` are the names of the selection; one in a fragment without a name belongs to the selection that it stands in, for its own type. */
function addSelections(walk: Walk, { selections }: SelectionSetNode, sum: Measure, seen: Set<string>, type: string) {
  walk.level += 1
  if (walk.level > maxLevel) throw new TooMuch({ limit: 'depth', needed: walk.level })
  for (const selection of selections) {
    countDirectives(walk, selection.directives)
    if (selection.kind === Kind.FIELD) {
      countRepeated(walk, seen, `${type} ${(selection.alias ?? selection.name).value}`)
      addField(walk, selection, sum)
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      addSelections(walk, selection.selectionSet, sum, seen, selection.typeCondition?.name.value ?? type)
    } else {
      walk.spreads += 1
      check('spreads', walk.spreads)
      countRepeated(walk, seen, `${type} ...${selection.name.value}`)
      const inner = measureFragment(walk, selection.name.value)
      if (inner) add(sum, inner, inner.rootFields, inner.depth, inner.introspectionDepth)
    }
  }
  walk.level -= 1
}

function addField(walk: Walk, field: FieldNode, sum: Measure): void {
  const inner = field.selectionSet ? measureSelection(walk, field.selectionSet) : null
  const own = { fields: 1 + (inner?.fields ?? 0), aliases: (field.alias ? 1 : 0) + (inner?.aliases ?? 0) }
  const isIntrospection = field.name.value === '__schema' || field.name.value === '__type'
  // What is introspection goes by its own depth, from there on.
  const depth = 1 + (isIntrospection ? 0 : (inner?.depth ?? 0))
  const below = Math.max(inner?.introspectionDepth ?? 0, isIntrospection ? 1 + (inner?.depth ?? 0) : 0)
  add(sum, own, 1, depth, below)
}

function add(
  sum: Measure,
  { fields, aliases }: Pick<Measure, 'fields' | 'aliases'>,
  rootFields: number,
  depth: number,
  introspectionDepth: number,
) {
  sum.fields += fields
  sum.aliases += aliases
  sum.rootFields += rootFields
  sum.depth = Math.max(sum.depth, depth)
  sum.introspectionDepth = Math.max(sum.introspectionDepth, introspectionDepth)
  check('fields', sum.fields)
  check('aliases', sum.aliases)
  check('introspectionDepth', sum.introspectionDepth)
  // Of a fragment it isn't known yet whether it stands below introspection.
  if (depth > limits.introspectionDepth.max) throw new TooMuch({ limit: 'depth', needed: depth })
}

function countRepeated(walk: Walk, seen: Set<string>, name: string): void {
  if (!seen.has(name)) return void seen.add(name)
  walk.repeated += 1
  check('repeatedFields', walk.repeated)
}

function countDirectives(walk: Walk, directives: readonly Pick<DirectiveNode, 'kind'>[] = []): void {
  walk.directives += directives.length
  check('directivesOfNode', directives.length)
  check('directives', walk.directives)
}
