import { createEnded } from '../../src/consumers/ended.ts'
import type { SessionFigures } from '../../src/consumers/media.ts'
import { createConsumerService } from '../../src/consumers/service.ts'
import { findStream } from '../../src/consumers/store.ts'
import type { ConsumerService, SessionTokens } from '../../src/consumers/types.ts'
import { WeirError } from '../../src/errors.ts'
import { createSessionBook } from '../../src/heartbeats/book.ts'
import { createHeartbeatStore } from '../../src/heartbeats/store.ts'
import type { Bus } from '../../src/platform/bus/bus.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createRefusalCounts } from '../../src/reservations/refusals.ts'
import { createMediaWait } from '../../src/streams/media-wait.ts'

/** Sessions as a node without media has them: those by HLS are whole, the others find nobody to ask. */
export function createTestSessions(options: {
  db: Database
  bus: Bus
  tokens: SessionTokens
  now: () => number
  /** What the nodes would measure. */
  figures: (ids: string[]) => Map<string, SessionFigures>
}): ConsumerService {
  const { db, bus, tokens, now } = options
  const eventsAppended = () => {}
  const logger = silentLogger
  const book = createSessionBook({
    store: createHeartbeatStore(db),
    bus,
    logger,
    now: () => performance.now(),
  })
  const nodes = {
    ask: () => Promise.reject(new WeirError('UNAVAILABLE', 'There is no media here.')),
    hangUp: async () => {},
    figures: async (rows: readonly { id: string }[]) => options.figures(rows.map(({ id }) => id)),
  }
  return createConsumerService({
    db,
    bus,
    book,
    tokens,
    nodes,
    media: createMediaWait({ bus, load: (id) => findStream(db, id), timeoutMs: 1000 }),
    times: { heartbeatSeconds: 30, timeoutSeconds: 60, tokenSeconds: 600 },
    ended: createEnded({ bus, book, nodes, eventsAppended, observe: () => {} }),
    refusals: createRefusalCounts(),
    eventsAppended,
    countHeartbeat: () => {},
    now,
  })
}
