import { beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/ids.ts'
import { projects } from '../../src/platform/database/tables.ts'
import { createErrorCounts } from '../../src/platform/logs/error-counts.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createRefusalCounts } from '../../src/reservations/refusals.ts'
import { createMetricsSource, isAudioFlowing } from '../../src/streams/metrics-source.ts'
import type { SourceTrack } from '../../src/streams/model.ts'
import type { StreamFigures } from '../../src/streams/types.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addMediaNode, addStream, figuresOf } from '../support/rows.ts'
import { addConsumer } from '../support/sessions.ts'

const freezeMs = 5000
const now = 1_700_000_000_000
const projectId = newId('Project')
const lastExit = { code: 1, signal: null, cause: 'REFUSED', at: 0, log: [] } as const
const audio = [{ kind: 'VIDEO' }, { kind: 'AUDIO' }] as SourceTrack[]
const video = [{ kind: 'VIDEO' }] as SourceTrack[]

function withAudio(streamId: string, lastProgressAt: number | null): StreamFigures {
  const figures = figuresOf(streamId)
  const track = {
    ...({ kind: 'AUDIO', packets: 1, bytes: 100, fps: null, bitrateBps: null, keyframeIntervalSeconds: null } as const),
    ...{ lastKeyframeAt: null, mediaSeconds: null, identicalPackets: 1, burstSeconds: null },
  }
  return { ...figures, process: { ...figures.process!, tracks: [{ ...track, lastProgressAt }] } }
}

describeOnBothDatabases('what a scrape reads of streams and sessions', (database) => {
  beforeAll(async () => {
    await database().db.insert(projects).values({ id: projectId, name: 'Test' })
  })

  test("is each stream's FFmpeg, told by the node that runs it", async () => {
    const { db } = database()
    const [own, other] = [await addMediaNode(db, 'own'), await addMediaNode(db, 'other')]
    const add = (name: string, values: Parameters<typeof addStream>[2]) => addStream(db, projectId, { name, ...values })
    const running = { desiredState: 'RUNNING', mediaNodeId: own.id } as const
    const rows = {
      live: await add('live', {
        ...running,
        state: 'LIVE',
        restarts: 2,
        sourceTracks: audio,
        lastExit: { ...lastExit, log: [] },
      }),
      silent: await add('silent', { ...running, state: 'LIVE', sourceTracks: audio }),
      noAudio: await add('noAudio', { ...running, state: 'LIVE', sourceTracks: video }),
      down: await add('down', {
        ...running,
        state: 'RECOVERING',
        sourceTracks: audio,
        lastExit: { ...lastExit, log: [] },
      }),
      stopped: await add('stopped', { sourceTracks: null }),
      elsewhere: await add('elsewhere', { ...running, mediaNodeId: other.id, state: 'LIVE' }),
      deleted: await add('deleted', { deletedAt: new Date() }),
    }
    const figures = new Map([
      [rows.live.id, withAudio(rows.live.id, now - 1000)],
      [rows.silent.id, withAudio(rows.silent.id, now - freezeMs)],
      [rows.noAudio.id, figuresOf(rows.noAudio.id)],
      [rows.down.id, { ...figuresOf(rows.down.id), process: null }],
    ])
    const errors = createErrorCounts()
    const logger = errors.count(silentLogger)
    logger.error({ streamId: rows.deleted.id }, 'gone')
    logger.error({ streamId: rows.live.id }, 'here')
    const source = createMetricsSource({
      db,
      nodeId: own.id,
      figures: { read: async () => figures },
      processes: () => [],
      components: () => [],
      errors,
      refusals: createRefusalCounts(),
      freezeMs,
      maxConsumerSeries: 2,
      now: () => now,
    })
    const found = Object.fromEntries((await source.streams()).map(({ name, process }) => [name, process]))
    expect(found).toEqual({
      live: { status: 'RUNNING', restarts: 2, audioAvailable: true },
      silent: { status: 'RUNNING', restarts: 0, audioAvailable: false },
      noAudio: { status: 'RUNNING', restarts: 0, audioAvailable: null },
      down: { status: 'CRASHED', restarts: 0, audioAvailable: false },
      stopped: { status: 'STOPPED', restarts: 0, audioAvailable: null },
      elsewhere: null,
    })
    const sessions = [
      await addConsumer(db, rows.live, { openedAt: new Date(Date.now() - 60_000) }),
      await addConsumer(db, rows.live, { clientId: 'second' }),
      await addConsumer(db, rows.live, { state: 'PAUSED' }),
      await addConsumer(db, rows.deleted, { state: 'STALE' }),
    ]
    await addConsumer(db, rows.live, { state: 'CLOSED' })
    const [{ counts, closed, longest } = { counts: [], closed: 0, longest: [] }] = await source.consumers()
    expect(closed).toBe(1)
    const none = Object.values(rows)
      .filter((row) => row !== rows.live && row !== rows.deleted)
      .map(({ id }) => ({ streamId: id, state: null, count: 0 }))
    const byPlace = (list: typeof counts) => list.map((each) => JSON.stringify(each)).sort()
    expect(byPlace(counts)).toEqual(
      byPlace([
        { streamId: rows.live.id, state: 'CONNECTED', count: 2 },
        { streamId: rows.live.id, state: 'PAUSED', count: 1 },
        { streamId: rows.deleted.id, state: 'STALE', count: 1 },
        ...none,
      ]),
    )
    expect(longest.map(({ id, clientId }) => [id, clientId])).toEqual([
      [sessions[0]!.id, 'player'],
      [sessions[1]!.id, 'second'],
    ])
    expect(longest[0]!.seconds).toBeGreaterThanOrEqual(60)
    expect(new Set((await source.errors()).map(({ streamId }) => streamId))).toEqual(new Set([null, rows.live.id]))
  })
})

test('audio flows while packets are no older than the freeze', () => {
  expect(isAudioFlowing(withAudio('x', now - freezeMs + 1), now, freezeMs)).toBe(true)
  expect(isAudioFlowing(withAudio('x', now - freezeMs), now, freezeMs)).toBe(false)
  expect(isAudioFlowing(withAudio('x', null), now, freezeMs)).toBe(false)
})
