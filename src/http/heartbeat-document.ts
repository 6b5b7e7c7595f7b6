import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql'
import { excessOfDocument } from './graphql-measure.ts'

/** A document that does nothing but record heartbeats, by variables. */
export interface HeartbeatDocument {
  /** The operation's; null where it has none. */
  operationName: string | null
  field: 'recordHeartbeat' | 'recordHeartbeats'
  /** What the answer calls the field. */
  responseName: string
  /** Of arguments the names of their variables; null where there is no such argument. */
  variables: { consumerId: string | null; stats: string | null; heartbeats: string | null }
  /** The fields of Heartbeat that are asked for, in the order of the answer. */
  selected: { responseName: string; field: string }[]
}

const maxTokens = 500
/** The only types of variables that are coerced here. */
const variableTypes: Record<string, readonly string[]> = {
  consumerId: ['ID!'],
  stats: ['PlayerStatsInput'],
  heartbeats: ['[HeartbeatInput!]!'],
}

/**
 * What a valid document asks for, where it is one operation with one of the two mutations, each argument a variable without a default, no fragments and
 * no directives; null for everything else, good or bad.
 */
export function readHeartbeatDocument(schema: GraphQLSchema, text: string): HeartbeatDocument | null {
  try {
    const document = parse(text, { maxTokens })
    if (excessOfDocument(document)) return null
    const [operation, ...others] = document.definitions
    if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return null
    if (operation.operation !== ('mutation' as OperationTypeNode) || isDirected(operation)) return null
    const [root, ...more] = operation.selectionSet.selections
    if (root?.kind !== Kind.FIELD || more.length > 0 || isDirected(root)) return null
    const field = root.name.value
    if ((field !== 'recordHeartbeat' && field !== 'recordHeartbeats') || !root.selectionSet) return null
    const variables = readArguments(operation, root)
    const selected = readSelection(root.selectionSet)
    if (!variables || !selected || validate(schema, document).length > 0) return null
    const operationName = operation.name?.value ?? null
    return { operationName, field, responseName: root.alias?.value ?? field, variables, selected }
  } catch {
    // What can't be parsed is GraphQL's to refuse.
    return null
  }
}

function readArguments(operation: OperationDefinitionNode, root: FieldNode): HeartbeatDocument['variables'] | null {
  const types = new Map<string, string>()
  for (const definition of operation.variableDefinitions ?? []) {
    const { variable, type, defaultValue } = definition
    if (defaultValue || isDirected(definition)) return null
    types.set(variable.name.value, typeText(type))
  }
  const variables: HeartbeatDocument['variables'] = { consumerId: null, stats: null, heartbeats: null }
  for (const { name, value } of root.arguments ?? []) {
    if (value.kind !== Kind.VARIABLE || !Object.hasOwn(variables, name.value)) return null
    const type = types.get(value.name.value)
    if (type === undefined || !variableTypes[name.value]!.includes(type)) return null
    variables[name.value as keyof typeof variables] = value.name.value
  }
  return variables
}

function readSelection({ selections }: SelectionSetNode): HeartbeatDocument['selected'] | null {
  const selected = new Map<string, string>()
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD || selection.selectionSet || isDirected(selection)) return null
    // The same name twice is the same field: validation sees to that.
    selected.set(selection.alias?.value ?? selection.name.value, selection.name.value)
  }
  return Array.from(selected, ([responseName, field]) => ({ responseName, field }))
}

function isDirected({ directives }: { directives?: readonly (DirectiveNode | ConstDirectiveNode)[] | undefined }) {
  return (directives?.length ?? 0) > 0
}

type TypeNode = NonNullable<OperationDefinitionNode['variableDefinitions']>[number]['type']

function typeText(type: TypeNode): string {
  if (type.kind === Kind.NAMED_TYPE) return type.name.value
  return type.kind === Kind.LIST_TYPE ? `[${typeText(type.type)}]` : `${typeText(type.type)}!`
}
