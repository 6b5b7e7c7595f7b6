import type { SQL } from 'drizzle-orm'
import type { Caller } from '../src/caller.ts'
import { type Columns, type Order, type PageArgs, pageQuery, readPage } from './page.ts'

/**
 * The selection that joins one page of a to-many relation into the statement that reads its parent. Arguments that are
 * wrong select nothing here: the field's own resolver refuses them, so that its parent isn't blanked with it.
 */
export function relatedPage<Args extends PageArgs, Row>(
  relation: string,
  typeName: string,
  orderOf: (args: Args) => Order<Row>,
  filterOf?: (args: Args, caller: Caller) => ((table: Columns) => SQL | undefined) | undefined,
) {
  return {
    pothosDrizzleSelect: (
      args: Args,
      { caller }: { caller: Caller },
      nested: (query: object, path: { getType: () => string; paths: { name: string }[][] }) => object,
    ) => ({
      columns: {},
      with: {
        [relation]: nested(selectionOf(args, caller, orderOf, filterOf), {
          getType: () => typeName,
          paths: [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]],
        }),
      },
    }),
  }
}

function selectionOf<Args extends PageArgs, Row>(
  args: Args,
  caller: Caller,
  orderOf: (args: Args) => Order<Row>,
  filterOf?: (args: Args, caller: Caller) => ((table: Columns) => SQL | undefined) | undefined,
): object {
  try {
    const order = orderOf(args)
    return pageQuery(readPage(args, order), order, filterOf?.(args, caller))
  } catch {
    return { limit: 0 }
  }
}

/** The rows that a field's own selection has joined to its parent. */
export function joined<Row>(parent: object, relation: string): Row[] {
  return (parent as Record<string, Row[]>)[relation]!
}
