import { eq } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { sessionMethods } from '../../src/consumers/methods.ts'
import { type RunningSessions, startSessions } from '../../src/consumers/start.ts'
import type { OpenConsumerInput } from '../../src/consumers/types.ts'
import { WeirError } from '../../src/errors.ts'
import { createSessionTokens } from '../../src/heartbeats/tokens.ts'
import { newId } from '../../src/ids.ts'
import { createNodeCall } from '../../src/nodes/call.ts'
import { createInProcessBus } from '../../src/platform/bus/in-process.ts'
import { consumers, streams } from '../../src/platform/database/tables.ts'
import { hmacSha256 } from '../../src/platform/hmac.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { createRefusalCounts } from '../../src/reservations/refusals.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { createLocalSessions } from '../support/local-sessions.ts'
import { addStream } from '../support/rows.ts'
import { addWatchedStream, bookkeeping } from '../support/session-rows.ts'
import { until } from '../support/until.ts'

describeOnBothDatabases('the service of sessions', (database) => {
  let running: RunningSessions[] = []
  afterEach(async () => {
    for (const sessions of running) await sessions.stop()
    running = []
  })

  /** A node's sessions on a stream of a project of their own. */
  async function setUp(values: Parameters<typeof addWatchedStream>[1] = {}) {
    const { db } = database()
    const watched = await addWatchedStream(db, values)
    const nodeId = watched.node.id
    const media = createLocalSessions()
    const bus = createInProcessBus(silentLogger)
    const tokens = createSessionTokens(hmacSha256('secret'))
    const refusals = createRefusalCounts()
    const started: { sessions: RunningSessions | null } = { sessions: null }
    const methods = sessionMethods(media.methods, async () => started.sessions?.settle())
    const sessions = await startSessions({
      config: {
        heartbeatIntervalSeconds: 30,
        heartbeatTimeoutSeconds: 60,
        sessionTokenSeconds: 600,
        onDemandStartSeconds: 2,
      },
      ...{ db, bus, nodeId, tokens, refusals, local: media.local, logger: silentLogger },
      call: createNodeCall({ selfId: nodeId, methods, secret: '', fetch }),
      stalls: { stalledUntil: () => 0 },
      observe: () => {},
      eventsAppended: () => {},
      countHeartbeat: () => {},
    })
    started.sessions = sessions
    running.push(sessions)
    const key = (...scopes: Caller['scopes']): Caller => ({
      projectId: watched.projectId,
      scopes,
      actor: { kind: 'API_KEY', apiKeyId: newId('ApiKey'), name: 'tester' },
    })
    const player = (opened: { token: string; consumer: { id: string } }): Caller => ({
      projectId: null,
      scopes: [],
      actor: { kind: 'SESSION', name: opened.consumer.id },
      session: tokens.read(opened.token, Date.now())!,
    })
    const { service } = sessions
    const open = (input: Partial<OpenConsumerInput> = {}, idempotencyKey: string | null = null) =>
      service.open(
        key('PLAY'),
        { streamId: watched.stream.id, clientId: 'player', protocol: 'MEDIASOUP', ...input },
        idempotencyKey,
      )
    const books = () => bookkeeping(db, watched.projectId)
    return { ...watched, db, media, bus, tokens, refusals, sessions, service, key, player, open, books }
  }

  it('opens, connects, pauses and closes; its player does so by the token alone', async () => {
    const { service, open, player, media, books, tokens, stream, projectId } = await setUp()
    const opened = await open()
    const { id } = opened.consumer
    const me = player(opened)
    expect(opened).toMatchObject({
      consumer: { state: 'NEW', clientId: 'player' },
      heartbeatSeconds: 30,
      timeoutSeconds: 60,
      transportOptions: { id: `${id} 1` },
      tracks: [],
    })
    expect(tokens.read(opened.token, Date.now())).toMatchObject({ consumerId: id, streamId: stream.id, projectId })
    await service.connect(me, id, { fingerprints: [] })
    expect(await service.setPaused(me, id, null, true)).toMatchObject({ state: 'PAUSED' })
    expect(await service.setPaused(me, id, null, false)).toMatchObject({ state: 'CONNECTED' })
    expect(await service.restartIce(me, id)).toMatchObject({ usernameFragment: 'u' })
    const [row] = (await books()).rows
    expect((await service.figures([row!])).get(id)).toMatchObject({ bitrateBps: 1000 })
    expect(await service.heartbeat(me, id)).toMatchObject({ accepted: true, refusal: null, token: null })

    expect(await service.close(me, id)).toMatchObject({ state: 'CLOSED', closeReason: 'CLIENT' })
    expect(await service.close(me, id)).toMatchObject({ state: 'CLOSED', closeReason: 'CLIENT' })
    expect(media.asked).toEqual([`close ${id} 1`])
    expect(await service.heartbeat(me, id)).toMatchObject({ accepted: false, refusal: 'CLOSED', closeReason: 'CLIENT' })
    await expect(service.reopen(me, id)).rejects.toMatchObject({
      code: 'INVALID_STATE',
      details: { closeReason: 'CLIENT' },
    })
    expect((await books()).told(id).map(({ type }) => type)).toEqual([
      'consumer.opened',
      // NEW to PAUSED: what comes within a moment is one change.
      'consumer.state_changed',
      'consumer.state_changed',
      'consumer.closed',
    ])
  })

  it('what is another’s is not there, and what a key may not do is refused', async () => {
    const { service, open, player, key, books } = await setUp()
    const other = await setUp()
    const opened = await open()
    const { id } = opened.consumer
    const sibling = player(await open())
    const anonymous: Caller = { projectId: null, scopes: [], actor: { kind: 'ANONYMOUS' } }
    for (const stranger of [sibling, other.key('WRITE'), other.key('ADMIN')]) {
      for (const attempt of [
        () => service.reopen(stranger, id),
        () => service.consume(stranger, id, {}),
        () => service.setPaused(stranger, id, null, true),
        () => service.close(stranger, id),
        () => service.patchWhep(stranger, id, ''),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
      }
      expect(await service.heartbeat(stranger, id)).toMatchObject({ accepted: false, refusal: 'UNKNOWN' })
    }
    await expect(service.close(anonymous, id)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(service.close(key('PLAY'), id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(service.reopen(key('READ'), id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(() => service.heartbeat(key('READ'), id)).toThrow(WeirError)
    await expect(service.heartbeats(sibling, [])).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await books()).open).toHaveLength(2)
  })

  it('refuses what can not be: nothing is stored of it', async () => {
    const { open, stream, db, key, service, books, refusals } = await setUp({ maxConsumers: 0 })
    await expect(open({ clientId: ' ' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(open({ source: '*' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(open({ streamId: newId('Stream') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(open({}, 'a')).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { needed: 1, available: 0 },
    })
    expect(refusals.read()).toContainEqual({ scope: 'CONSUMERS_OF_STREAM', count: 1 })
    await db.update(streams).set({ desiredState: 'STOPPED' }).where(eq(streams.id, stream.id))
    await expect(open()).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const tooMany = Array.from({ length: 1001 }, () => ({ consumerId: newId('Consumer') }))
    await expect(service.heartbeats(key('WRITE'), tooMany)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(await books()).toMatchObject({ rows: [], taken: {} })
  })

  it('the same key opens one session, however often and at once; one that failed may be tried again under it', async () => {
    const { open, books, media } = await setUp()
    const all = await Promise.all(Array.from({ length: 5 }, () => open({}, 'once')))
    expect(new Set(all.map(({ consumer }) => consumer.id)).size).toBe(1)
    expect(media.here.size).toBe(1)
    await expect(open({ clientId: 'another' }, 'once')).rejects.toMatchObject({ code: 'CONFLICT' })
    const first = all[0]!.consumer.id

    media.faults.push(new WeirError('CAPACITY_EXCEEDED', 'No room.', { needed: 1, available: 0 }))
    await expect(open({}, 'second')).rejects.toMatchObject({ code: 'CAPACITY_EXCEEDED' })
    const { rows, open: still } = await books()
    expect(still).toEqual([first])
    expect(rows.find(({ id }) => id !== first)).toMatchObject({ state: 'CLOSED', closeReason: 'TRANSPORT_FAILED' })
    expect((await open({}, 'second')).consumer).toMatchObject({ state: 'NEW' })
  })

  it('never one over the limit, however many come at once', async () => {
    const { open, books, refusals } = await setUp({ maxConsumers: 10 })
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => open({ source: 'agency' })))
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(40)
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'QUOTA_EXCEEDED', details: { needed: 1, available: 0 } })
    }
    const { open: opened, heard, taken } = await books()
    expect(opened).toHaveLength(10)
    expect(heard).toEqual(opened)
    expect(Object.values(taken)).toEqual([10, 10, 10])
    expect(refusals.read()).toContainEqual({ scope: 'CONSUMERS_OF_STREAM', count: 40 })
  })

  it('opens and closes at once leave the books right', async () => {
    const { open, service, key, books } = await setUp({ quotas: { maxConsumers: 8, perSource: { '*': 6 } } })
    const lives = Array.from({ length: 40 }, async (_, index) => {
      const { consumer } = await open({ source: index % 2 ? 'agency' : 'site' })
      if (index % 3 > 0) await service.close(key('WRITE'), consumer.id, 'enough')
    })
    const results = await Promise.allSettled(lives)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'QUOTA_EXCEEDED' })
    }
    const { open: opened, heard, taken, rows } = await books()
    expect(heard).toEqual(opened)
    expect(opened.length).toBeLessThanOrEqual(8)
    const sources = rows.filter(({ state }) => state !== 'CLOSED').map(({ source }) => source)
    for (const source of new Set(sources)) {
      expect(taken[`CONSUMERS_OF_SOURCE ${source}`]).toBe(sources.filter((each) => each === source).length)
    }
    expect(Object.entries(taken).find(([name]) => name.startsWith('CONSUMERS_OF_PROJECT'))?.[1] ?? 0).toBe(
      opened.length,
    )
  })

  it('a WHEP player comes again by its token, under its id; by another stream’s address it does not', async () => {
    const { service, stream, projectId, player, db, media } = await setUp()
    const anonymous: Caller = { projectId: null, scopes: [], actor: { kind: 'ANONYMOUS' } }
    const input = { streamId: stream.id, projectId, clientId: 'browser', source: null, offer: 'offer' }
    const opened = await service.openWhep(anonymous, input)
    expect(opened).toMatchObject({ answer: 'answer to offer', etag: `${opened.consumer.id} 1` })
    const again = await service.openWhep(player(opened), input)
    expect(again).toMatchObject({
      consumer: { id: opened.consumer.id, incarnation: 2 },
      etag: `${opened.consumer.id} 2`,
    })
    expect(media.here.size).toBe(1)
    const elsewhere = await addStream(db, projectId, { desiredState: 'RUNNING', state: 'LIVE' })
    await expect(service.openWhep(player(opened), { ...input, streamId: elsewhere.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(service.consume(player(again), opened.consumer.id, {})).resolves.toEqual([])
  })

  it('an on-demand stream is started for its first session, which waits for its media', async () => {
    const { db, open, bus, projectId, node, books } = await setUp()
    const onDemand = await addStream(db, projectId, { onDemand: true, observedGeneration: 1 })
    const ordered: string[] = []
    bus.subscribe('orders', (id) => ordered.push(id))
    const opening = open({ streamId: onDemand.id })
    await until('it is ordered', () => ordered.includes(onDemand.id))
    const patch = { state: 'LIVE', mediaNodeId: node.id, observedGeneration: 2 } as const
    await db.update(streams).set(patch).where(eq(streams.id, onDemand.id))
    bus.publish('streams', onDemand.id)
    const { consumer } = await opening
    expect(consumer).toMatchObject({ state: 'NEW', mediaNodeId: node.id })
    const [row] = await db.select().from(streams).where(eq(streams.id, onDemand.id))
    expect(row).toMatchObject({ desiredState: 'RUNNING', generation: 2 })

    const never = await addStream(db, projectId, { onDemand: true, observedGeneration: 1 })
    await expect(open({ streamId: never.id })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      details: { retryAfterSeconds: expect.any(Number) },
    })
    expect((await books()).open).toEqual([consumer.id])
  })

  it('sessions end with their stream, at once', async () => {
    const { db, open, stream, bus, service, player, media } = await setUp()
    const opened = await open()
    await db.update(streams).set({ desiredState: 'STOPPED' }).where(eq(streams.id, stream.id))
    bus.publish('orders', stream.id)
    await until('it is closed', async () => {
      const [row] = await db.select().from(consumers).where(eq(consumers.id, opened.consumer.id))
      return row!.closeReason === 'STREAM_STOPPED'
    })
    await until('its transport is gone', () => media.here.size === 0)
    expect(await service.heartbeat(player(opened), opened.consumer.id)).toMatchObject({ closeReason: 'STREAM_STOPPED' })
  })

  it('a transport without a session is closed, a session without a transport is STALE, and it is opened again', async () => {
    const { db, open, media, service, player, node, sessions } = await setUp()
    const lost = await open()
    const there = await open()
    await service.connect(player(lost), lost.consumer.id, { fingerprints: [] })
    await service.connect(player(there), there.consumer.id, { fingerprints: [] })
    await sessions.settle()
    const orphan = { consumerId: newId('Consumer'), incarnation: 1 }
    media.here.set('orphan', orphan)
    media.here.delete(`${lost.consumer.id} 1`)
    const stateOf = async (id: string) => (await db.select().from(consumers).where(eq(consumers.id, id)))[0]!
    await until('it is STALE', async () => (await stateOf(lost.consumer.id)).state === 'STALE')
    await until('the orphan is closed', () => media.asked.includes(`close ${orphan.consumerId} 1`))
    expect(await stateOf(there.consumer.id)).toMatchObject({ state: 'CONNECTED', mediaNodeId: node.id })
    await expect(service.restartIce(player(lost), lost.consumer.id)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const again = await service.reopen(player(lost), lost.consumer.id)
    expect(again.consumer).toMatchObject({ id: lost.consumer.id, state: 'NEW', incarnation: 2 })
  })

  it('a stopped node’s sessions by WebRTC are STALE, those by HLS go on', async () => {
    const { db, open, sessions } = await setUp()
    const rtc = await open()
    const hls = await open({ protocol: 'HLS' })
    await sessions.stop()
    running = running.filter((each) => each !== sessions)
    const [first] = await db.select().from(consumers).where(eq(consumers.id, rtc.consumer.id))
    const [second] = await db.select().from(consumers).where(eq(consumers.id, hls.consumer.id))
    expect(first).toMatchObject({ state: 'STALE', mediaNodeId: null })
    expect(second).toMatchObject({ state: 'NEW', closedAt: null })
  })
})
