import { badInput, WeirError } from '../src/errors.ts'
import { kindOfId } from '../src/ids.ts'
import { requireAccess } from './access.ts'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import { type NodeRow, nodeKinds } from './node-rows.ts'
import { requireShortList } from './page.ts'

export const Node = builder.nodeInterfaceRef()

/** The thing with this id, null where there is none. Throws BAD_USER_INPUT for what is no id, and what its kind asks for. */
export async function loadNode(context: GraphqlContext, id: string, path: string): Promise<NodeRow | null> {
  const kind = kindOfId(id)
  if (!kind) throw badInput(path, 'not an id')
  const access = nodeKinds[kind]?.access
  if (!access) return null
  requireAccess(context.caller, access, `a ${kind}`)
  return context.loaders.nodes.load(id)
}

builder.queryFields((t) => ({
  node: t.field({
    description: 'Any one thing by its id; null where there is none.',
    type: Node,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_, { id }, context) => loadNode(context, id, 'id') as Promise<never>,
  }),
  nodes: t.field({
    description: 'At most 100 things by their ids, in the order of the ids; null for what is not found.',
    type: [Node],
    nullable: { list: true, items: true },
    args: { ids: t.arg.idList({ required: true }) },
    resolve: (_, { ids }, context) => {
      requireShortList(ids, 'ids')
      return ids.map((id, index) => loadNode(context, id, `ids.${index}`).catch(asItem)) as never
    },
  }),
}))

/** An item that is refused blanks itself, not the list. */
function asItem(error: unknown): Error {
  return error instanceof Error ? error : new WeirError('INTERNAL', String(error))
}
