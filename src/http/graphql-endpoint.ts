import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * What an operation is counted as: the first of its root fields that the schema has, else `other`. Only names of the
 * schema come out, so that callers can't make series.
 */
export function endpointOf(
  document: DocumentNode,
  operationName: string | null | undefined,
  schema: GraphQLSchema,
): string {
  const operation = operationOf(document, operationName)
  const fields = operation && schema.getRootType(operation.operation)?.getFields()
  if (!fields) return 'other'
  const visited = new Set<string>()
  const find = (selections: SelectionSetNode): string | null => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        if (Object.hasOwn(fields, selection.name.value)) return selection.name.value
        continue
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragment(selection.name.value)
      const found = inner && find(inner.selectionSet)
      if (found) return found
    }
    return null
  }
  /** Each is looked into once: a document that isn't validated may have circles. */
  const fragment = (name: string) => {
    if (visited.has(name)) return null
    visited.add(name)
    return document.definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) as
      | { selectionSet: SelectionSetNode }
      | undefined
  }
  return find(operation.selectionSet) ?? 'other'
}

function operationOf(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | null {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (name) return operations.find((operation) => operation.name?.value === name) ?? null
  return operations.length === 1 ? operations[0]! : null
}
