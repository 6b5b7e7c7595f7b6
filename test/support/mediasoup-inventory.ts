import { createServer } from 'node:http'
import { observer, type types } from 'mediasoup'

/**
 * Loaded into a server under test before its own code (`--import`): what mediasoup's workers themselves say that they have, by HTTP on
 * WEIR_TEST_INVENTORY_PORT. So a count of transports is theirs and not that of the code under test.
 */

export interface MediasoupInventory {
  webRtcTransports: number
  /** The same, of each worker that has any. */
  byWorker: number[]
}

const transports = new Set<string>()
const routers = new Map<types.Router, number>()

observer.on('newworker', (worker) =>
  worker.observer.on('newrouter', (router) => {
    routers.set(router, worker.pid)
    router.observer.once('close', () => routers.delete(router))
    router.observer.on('newtransport', (transport) => {
      // The dump of a router does not say of which kind its transports are.
      if (transport.type !== 'webrtc') return
      transports.add(transport.id)
      transport.observer.once('close', () => setTimeout(() => transports.delete(transport.id), keptMs).unref())
    })
  }),
)

/** A worker that still has a transport that is closed here is to be found out. */
const keptMs = 60_000

async function inventory(): Promise<MediasoupInventory> {
  const byPid = new Map<number, number>()
  await Promise.all(
    [...routers].map(async ([router, pid]) => {
      const dump = await router.dump().catch(() => null)
      const count = dump?.transportIds.filter((id) => transports.has(id)).length ?? 0
      if (count > 0) byPid.set(pid, (byPid.get(pid) ?? 0) + count)
    }),
  )
  const byWorker = [...byPid.values()]
  return { webRtcTransports: byWorker.reduce((sum, count) => sum + count, 0), byWorker }
}

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
