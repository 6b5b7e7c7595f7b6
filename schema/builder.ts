import SchemaBuilder from '@pothos/core'
import DrizzlePlugin from '@pothos/plugin-drizzle'
import RelayPlugin from '@pothos/plugin-relay'
import { getTableConfig } from 'drizzle-orm/pg-core'
import type { types } from 'mediasoup'
import type { ConsumerOptions, TransportOptions } from '../src/consumers/media.ts'
import { kindOfId } from '../src/ids.ts'
import { relations } from '../src/platform/database/relations.ts'
import { accessPluginName } from './access.ts'
import { auditPluginName } from './audit.ts'
import type { GraphqlContext } from './context.ts'

/** The first plugin is the outermost wrapper: the audit sees what is refused, and a refused field never reaches the plugins that read the database. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext
  DrizzleRelations: typeof relations
  DefaultEdgesNullability: { list: false; items: true }
  DefaultNodeNullability: true
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    BigInt: { Input: number; Output: number }
    JSON: { Input: unknown; Output: unknown }
    URL: { Input: string; Output: string }
    RtpCapabilities: { Input: types.RtpCapabilities; Output: types.RtpCapabilities }
    TransportOptions: { Input: never; Output: TransportOptions }
    ConsumerOptions: { Input: never; Output: ConsumerOptions }
    IceParameters: { Input: never; Output: types.IceParameters }
  }
}>({
  plugins: [auditPluginName, accessPluginName, RelayPlugin, DrizzlePlugin],
  relay: {
    nodesOnConnection: true,
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: {
      description:
        'A thing with an id. Ids are TypeIDs: the prefix names the type, so that any id can be asked for by itself.',
      resolveType: (value) => kindOfId((value as { id: string }).id) ?? undefined,
    },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    edgesFieldOptions: { nullable: { list: false, items: true } },
    nodesFieldOptions: { nullable: { list: false, items: true } },
    nodeFieldOptions: { nullable: true },
  },
  drizzle: { client: (context) => context.db, getTableConfig, relations },
})

builder.queryType({
  description: 'Reads. What is public needs no key where the project says so; the rest needs the READ scope.',
})
builder.mutationType({
  description:
    'Changes. Every one needs a key with the WRITE scope, but what a player does: PLAY opens sessions, and the token of a session does the rest for it.',
})
builder.subscriptionType({
  description:
    'Of two kinds. The log (events, streamHealth): ordered, every message once, resumed by cursor; a Checkpoint comes first and every 15 s, a Gap where the log no longer reaches back; who reads too slowly gets SLOW_SUBSCRIBER with the cursor to go on from. State (streams, node): the latest value, coalesced; the first message is the whole truth.',
})
