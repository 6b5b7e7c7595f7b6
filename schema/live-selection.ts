import type { FragmentDefinitionNode, GraphQLResolveInfo, GraphQLSchema, SelectionSetNode } from 'graphql'
import { isObjectType } from 'graphql'

const namesBySchema = new WeakMap<GraphQLSchema, Set<string>>()

/** The names of the fields that carry live figures: those marked by the extension `live`. */
function liveNames(schema: GraphQLSchema): Set<string> {
  const known = namesBySchema.get(schema)
  if (known) return known
  const names = new Set<string>()
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) if (field.extensions.live) names.add(field.name)
  namesBySchema.set(schema, names)
  return names
}

/** Whether a subscription asks for live figures, so that it has to be told of them by the clock. */
export function asksForFigures(info: GraphQLResolveInfo): boolean {
  const names = liveNames(info.schema)
  const seen = new Set<FragmentDefinitionNode>()
  const visit = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((selection) => {
      if (selection.kind === 'Field') return names.has(selection.name.value) || visit(selection.selectionSet)
      if (selection.kind === 'InlineFragment') return visit(selection.selectionSet)
      const fragment = info.fragments[selection.name.value]
      if (!fragment || seen.has(fragment)) return false
      seen.add(fragment)
      return visit(fragment.selectionSet)
    }) ?? false
  return info.fieldNodes.some((node) => visit(node.selectionSet))
}
