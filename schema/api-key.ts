import { builder } from './builder.ts'
import { Scope } from './enums.ts'
import { Node } from './node.ts'
import { orderBy } from './page.ts'

export const ApiKey = builder.drizzleObject('apiKeys', {
  name: 'ApiKey',
  description: 'A key, without its secret: only a hash of that is kept.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.exposeID('id', { nullable: false }),
    name: t.exposeString('name', { nullable: false }),
    prefix: t.exposeString('prefix', { nullable: false, description: 'Its first characters, to know it by.' }),
    scopes: t.expose('scopes', { type: [Scope], nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime' }),
  }),
})

export const ApiKeyConnection = builder.connectionObject(
  { type: ApiKey, name: 'ApiKeyConnection' },
  { name: 'ApiKeyEdge' },
)

export const apiKeyOrder = orderBy<{ id: string }>('api-keys', 'desc', ['id'])
