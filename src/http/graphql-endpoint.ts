import type { DocumentNode, GraphQLSchema } from 'graphql'
import { rootFieldsOf } from './graphql-root-fields.ts'

/**
 * What an operation is counted as: the first of its root fields that the schema has, else `other`. Only names of the
 * schema come out, so that callers can't make series.
 */
export function endpointOf(
  document: DocumentNode,
  operationName: string | null | undefined,
  schema: GraphQLSchema,
): string {
  return rootFieldsOf(document, operationName, schema).fields[0]?.name ?? 'other'
}
