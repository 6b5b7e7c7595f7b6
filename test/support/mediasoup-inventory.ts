import { createServer } from 'node:http'
import { observer, type types } from 'mediasoup'

/**
 * Loaded into a server under test before its own code (`--import`): what mediasoup's workers themselves say that they have, by HTTP on
 * WEIR_TEST_INVENTORY_PORT. So a count of transports is theirs and not that of the code under test.
 */

export interface MediasoupInventory {
  webRtcTransports: number
  consumers: number
  routers: number
}

const routers = new Set<types.Router>()
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) => {
    routers.add(router)
    router.observer.once('close', () => routers.delete(router))
  }),
)

async function inventory(): Promise<MediasoupInventory> {
  const found = { webRtcTransports: 0, consumers: 0, routers: 0 }
  for (const router of routers) {
    if (router.closed) continue
    const dump = await router.dump().catch(() => null)
    if (!dump) continue
    found.routers += 1
    // A plain or pipe transport has no name in the dump: those of viewers are known by their kind.
    found.webRtcTransports += dump.transportIds.filter((id) => viewers.has(id)).length
    found.consumers += dump.mapConsumerIdProducerId.length
  }
  return found
}

/** Ids of WebRTC transports that were ever made. */
const viewers = new Set<string>()
observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) => {
      if (transport.type === 'webrtc') viewers.add(transport.id)
    }),
  ),
)

const port = process.env.WEIR_TEST_INVENTORY_PORT
if (port) {
  createServer((_request, response) => {
    inventory().then(
      (found) => response.end(JSON.stringify(found)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
    .listen(Number(port), '127.0.0.1')
    .unref()
}
