import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'

export interface RootField {
  /** The schema's. */
  name: string
  /** What the answer calls it. */
  key: string
}

/**
 * The root fields of an operation that the schema has, in their order, skipped ones too; of a document that may not be valid. No operation where the name
 * does not say which.
 */
export function rootFieldsOf(
  document: DocumentNode,
  operationName: string | null | undefined,
  schema: GraphQLSchema,
): { operation: OperationTypeNode | null; fields: RootField[] } {
  const operation = operationOf(document, operationName)
  const known = operation && schema.getRootType(operation.operation)?.getFields()
  const fields: RootField[] = []
  if (!known) return { operation: operation?.operation ?? null, fields }
  const visited = new Set<string>()
  const collect = (selections: SelectionSetNode) => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value
        if (Object.hasOwn(known, name)) fields.push({ name, key: selection.alias?.value ?? name })
        continue
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragment(selection.name.value)
      if (inner) collect(inner.selectionSet)
    }
  }
  /** Each is looked into once: a document that isn't validated may have circles. */
  const fragment = (name: string) => {
    if (visited.has(name)) return null
    visited.add(name)
    return document.definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) as
      | { selectionSet: SelectionSetNode }
      | undefined
  }
  collect(operation.selectionSet)
  return { operation: operation.operation, fields }
}

function operationOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (name) return operations.find((operation) => operation.name?.value === name) ?? null
  return operations.length === 1 ? operations[0]! : null
}
