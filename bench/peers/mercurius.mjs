import { createRequire } from 'node:module'

/**
 * The peer of heartbeats.ts: Mercurius with JIT from the first request on, the same mutation on a Map. No authentication, no database, no metrics. Says its port by
 * IPC and ends with its parent.
 */
const require = createRequire(import.meta.url)
const app = require('fastify')()
const beats = new Map()

app.register(require('mercurius'), {
  jit: 1,
  schema: `
    scalar DateTime
    enum HeartbeatRefusal { UNKNOWN CLOSED }
    type Heartbeat { consumerId: ID! accepted: Boolean! refusal: HeartbeatRefusal at: DateTime! nextBefore: DateTime token: String }
    type Query { size: Int! }
    type Mutation { recordHeartbeat(consumerId: ID!): Heartbeat }
  `,
  resolvers: {
    Query: { size: () => beats.size },
    Mutation: {
      recordHeartbeat(/** @type {unknown} */ _, /** @type {{ consumerId: string }} */ { consumerId }) {
        const at = Date.now()
        beats.set(consumerId, at)
        return {
          consumerId,
          accepted: true,
          refusal: null,
          at: new Date(at).toISOString(),
          nextBefore: null,
          token: null,
        }
      },
    },
  },
})
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: app.server.address().port })
process.on('disconnect', () => process.exit())
