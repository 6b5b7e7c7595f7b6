import { queryFromInfo as fromInfo, getSchemaConfig } from '@pothos/plugin-drizzle'
import type { GraphQLResolveInfo } from 'graphql'
import { builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'
import type { pageQuery } from './page.ts'

/** One statement's query: a page of rows with the relations that the operation asks of them joined in. */
export function queryFromInfo(
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  page: ReturnType<typeof pageQuery>,
): { limit: number } {
  const selected: object = fromInfo({
    config: getSchemaConfig(builder),
    context,
    info,
    paths: [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]],
  })
  return { ...selected, ...page }
}
