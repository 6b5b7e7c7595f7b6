import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** The most objects that one operation may ask for, every page taken to be full. */
export const maxCost = 25_000

/** What a page holds when its size is not said, and what a list without pages is taken for. */
const usualPage = 20
const usualList = 10
/** What a timeline has where it is not said. */
const usualPoints = 300

interface Walk {
  schema: GraphQLSchema
  document: DocumentNode
  variables: Record<string, unknown>
  /** Each fragment is looked into once, however often it is spread. */
  fragments: Map<string, number>
}

/**
 * How many objects an operation asks for at most: pages multiply what is asked of each of their nodes. Introspection is
 * free. Works on any document; what the schema does not know counts nothing.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
): number {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const operation: OperationDefinitionNode | undefined = operationName
    ? operations.find(({ name }) => name?.value === operationName)
    : operations[0]
  const root = operation && schema.getRootType(operation.operation)
  if (!root) return 0
  return selectionCost(
    { schema, document, variables: variables ?? {}, fragments: new Map() },
    operation.selectionSet,
    root,
  )
}

function selectionCost(walk: Walk, { selections }: SelectionSetNode, type: GraphQLNamedType): number {
  let cost = 0
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) cost += fieldCost(walk, selection, type)
    else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += fragmentCost(walk, selection.name.value)
    else {
      const name = selection.typeCondition?.name.value
      const narrowed = name === undefined ? type : walk.schema.getType(name)
      if (narrowed) cost += selectionCost(walk, selection.selectionSet, narrowed)
    }
  }
  return cost
}

function fragmentCost(walk: Walk, name: string): number {
  const known = walk.fragments.get(name)
  if (known !== undefined) return known
  // For a fragment that spreads itself, which validation refuses.
  walk.fragments.set(name, 0)
  const fragment = walk.document.definitions.find(
    (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name,
  )
  if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return 0
  const type = walk.schema.getType(fragment.typeCondition.name.value)
  const cost = type ? selectionCost(walk, fragment.selectionSet, type) : 0
  walk.fragments.set(name, cost)
  return cost
}

function fieldCost(walk: Walk, field: FieldNode, parent: GraphQLNamedType): number {
  if (!field.selectionSet || field.name.value.startsWith('__')) return 0
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 0
  const definition = parent.getFields()[field.name.value]
  if (!definition) return 0
  const type = getNamedType(definition.type)
  if (!isCompositeType(type)) return 0
  const inner = 1 + selectionCost(walk, field.selectionSet, type)
  if (type.name.endsWith('Connection')) return inner * pageSize(walk, field)
  // The lists inside a connection have been multiplied by their page.
  if (parent.name.endsWith('Connection')) return inner
  // Points are what is large in a timeline.
  if (definition.args.some(({ name }) => name === 'maxPoints'))
    return inner * Math.ceil((sizeOf(walk, field, ['maxPoints']) ?? usualPoints) / usualList)
  const list = isNonNullType(definition.type) ? definition.type.ofType : definition.type
  return isListType(list) ? inner * usualList : inner
}

/** What the field asks for. A wrong size costs what a usual one does: its resolver refuses it. */
function pageSize(walk: Walk, field: FieldNode): number {
  return sizeOf(walk, field, ['first', 'last']) ?? usualPage
}

function sizeOf({ variables }: Walk, field: FieldNode, names: readonly string[]): number | null {
  for (const argument of field.arguments ?? []) {
    if (!names.includes(argument.name.value)) continue
    const { value } = argument
    const size =
      value.kind === Kind.VARIABLE ? variables[value.name.value] : value.kind === Kind.INT && Number(value.value)
    if (typeof size === 'number') return Math.max(1, size)
  }
  return null
}
