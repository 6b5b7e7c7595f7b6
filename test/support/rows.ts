import { unknownHealth } from '../../src/health/model.ts'
import { newId } from '../../src/ids.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { consumers, eventLog, events, mediaNodes, producers, streams } from '../../src/platform/database/tables.ts'
import type { StreamFigures } from '../../src/streams/types.ts'

type NewStream = Partial<typeof streams.$inferInsert>

/** A stream as the store would have written it. */
export async function addStream(db: Database, projectId: string, values: NewStream = {}) {
  const [row] = await db
    .insert(streams)
    .values({
      id: newId('Stream'),
      projectId,
      name: 'camera',
      source: { kind: 'TEST_PATTERN', width: 320, height: 240, fps: 25, tone: true },
      desiredState: 'STOPPED',
      ...values,
    })
    .returning()
  return row!
}

export async function addProducer(
  db: Database,
  stream: { id: string; projectId: string },
  values: Partial<typeof producers.$inferInsert> = {},
) {
  const [row] = await db
    .insert(producers)
    .values({
      id: newId('Producer'),
      projectId: stream.projectId,
      streamId: stream.id,
      kind: 'VIDEO',
      codec: 'video/H264',
      ssrcs: [4_000_000_001],
      state: 'ACTIVE',
      startOrder: 1,
      ...values,
    })
    .returning()
  return row!
}

export async function addMediaNode(db: Database, name = 'node-a') {
  const [row] = await db
    .insert(mediaNodes)
    .values({ id: newId('MediaNode'), name, version: '0.0.0', capacity: 100 })
    .returning()
  return row!
}

/** Events of a subject that have their places in the log: from `firstCursor` on. */
export async function addEvents(
  db: Database,
  subject: { id: string; projectId: string },
  count: number,
  values: Partial<typeof events.$inferInsert> = {},
) {
  const [log] = await db.select().from(eventLog)
  const firstCursor = (log?.lastCursor ?? 0) + 1
  const rows = await db
    .insert(events)
    .values(
      Array.from({ length: count }, (_, index) => ({
        id: newId('Event'),
        cursor: firstCursor + index,
        projectId: subject.projectId,
        type: 'stream.ordered' as const,
        subjectId: subject.id,
        ...values,
      })),
    )
    .returning()
  await db.update(eventLog).set({ lastCursor: firstCursor + count - 1 })
  return rows
}

/** What a node would measure of a stream that flows. */
export function figuresOf(streamId: string, producerIds: string[] = [], measuredAt = Date.now()): StreamFigures {
  return {
    streamId,
    viewers: 0,
    health: unknownHealth,
    healthAt: measuredAt,
    process: {
      pid: 4711,
      startedAt: measuredAt - 60_000,
      cpuPercent: 12.5,
      memoryBytes: 3_000_000_000,
      frames: 1500,
      fps: 25,
      bitrateBps: 1_234_567.8,
      speed: 1,
      droppedFrames: null,
      tracks: [],
      measuredAt,
    },
    producers: producerIds.map((producerId) => ({
      producerId,
      kind: 'VIDEO',
      packets: 1000,
      bitrateBps: 500_000,
      packetsLost: 3,
      jitterMs: 1.5,
      score: 10,
      measuredAt,
    })),
  }
}

/** A session as the store would have written it, without its places. */
export async function addConsumer(
  db: Database,
  stream: { id: string; projectId: string },
  values: Partial<typeof consumers.$inferInsert> = {},
) {
  const [row] = await db
    .insert(consumers)
    .values({
      id: newId('Consumer'),
      projectId: stream.projectId,
      streamId: stream.id,
      clientId: 'player',
      protocol: 'WHEP',
      state: 'CONNECTED',
      ...values,
    })
    .returning()
  return row!
}
