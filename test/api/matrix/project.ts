import type { HealthIssue } from '../../../src/health/model.ts'
import { newId } from '../../../src/ids.ts'
import type { Database } from '../../../src/platform/database/database.ts'
import {
  apiKeys,
  heartbeats,
  idempotencyKeys,
  projects,
  recoveryAttempts,
  reservations,
} from '../../../src/platform/database/tables.ts'
import { addConsumer, addEvents, addProducer, addStream } from '../../support/rows.ts'

/** Whatever of a project can be known by: its rows, and the word that stands in each text of them. */
export interface FullProject {
  word: string
  /** Of each kind one that is there. */
  ids: Record<string, string>
  /** All of them. */
  allIds: string[]
  streamId: string
  producerIds: string[]
  /** An open session by WebRTC, with its tracks and figures. */
  session: { id: string; streamId: string; projectId: string }
}

/** A project that has something of everything, each text of it with its word. `id`: of one that is there already. */
export async function addFullProject(
  db: Database,
  { word, mediaNodeId, id = newId('Project') }: { word: string; mediaNodeId: string; id?: string },
): Promise<FullProject> {
  const values = {
    name: `${word} project`,
    quotas: { maxConsumers: 50, maxReservations: 50, perSource: { [`${word}-source`]: 20 } },
    sourcePolicy: { schemes: [`${word}-scheme`], allowCidrs: ['10.0.0.0/8'], denyCidrs: ['10.1.0.0/16'] },
  }
  await db
    .insert(projects)
    .values({ id, ...values })
    .onConflictDoUpdate({ target: projects.id, set: values })
  const actor = {
    kind: 'API_KEY' as const,
    name: `${word} actor`,
    address: `${word}-address`,
    apiKeyId: newId('ApiKey'),
  }
  await db.insert(apiKeys).values({
    id: actor.apiKeyId,
    projectId: id,
    name: `${word} key`,
    prefix: `${word}`,
    hash: `${word} hash`,
    scopes: ['READ'],
  })
  const issue = issueOf(word, Date.now())
  const streamValues = {
    name: `${word} stream`,
    labels: { word },
    source: { kind: 'RTSP' as const, url: `rtsp://user:secret@${word}.test/live` },
    maxConsumers: 40,
    state: 'LIVE' as const,
    desiredState: 'RUNNING' as const,
    stateReason: `${word} state`,
    mediaNodeId,
    health: 'CRITICAL' as const,
    healthIssues: [issue],
    lastExit: { code: 1, signal: null, cause: 'REFUSED' as const, at: Date.now(), log: [`${word} log`] },
    sourceTracks: [
      {
        kind: 'VIDEO' as const,
        codec: `${word}-codec`,
        profile: null,
        width: 640,
        height: 360,
        fps: 25,
        pixelFormat: null,
        hasBFrames: null,
        channels: null,
        sampleRate: null,
      },
    ],
  }
  const stream = await addStream(db, id, streamValues)
  const stopped = await addStream(db, id, { name: `${word} stopped`, labels: { word } })
  const producer = await addProducer(db, stream, { codec: `video/${word}` })
  const closed = await addProducer(db, stream, {
    kind: 'AUDIO',
    codec: `audio/${word}`,
    state: 'CLOSED',
    closedAt: new Date(),
    closeReason: 'ORDER' as never,
  })
  const reservationIds: string[] = []
  for (const state of ['HELD', 'ACTIVE'] as const) {
    const [row] = await db
      .insert(reservations)
      .values({
        id: newId('Reservation'),
        projectId: id,
        streamId: stream.id,
        source: `${word}-source`,
        holder: `${word} holder`,
        state,
        expiresAt: new Date(Date.now() + 3_600_000),
      })
      .returning()
    reservationIds.push(row!.id)
  }
  const consumer = { clientId: `${word} client`, source: `${word}-source`, mediaNodeId }
  const open = await addConsumer(db, stream, { ...consumer, protocol: 'MEDIASOUP', reservationId: reservationIds[1]! })
  await db
    .insert(heartbeats)
    .values({ consumerId: open.id, at: new Date(), stats: { word, framesDecoded: 1 } as never })
  const ended = await addConsumer(db, stream, {
    ...consumer,
    state: 'CLOSED',
    closedAt: new Date(),
    closeReason: 'FORCED',
    closeMessage: `${word} closed`,
    playerStats: { word } as never,
  })
  const [attempt] = await db
    .insert(recoveryAttempts)
    .values({
      id: newId('RecoveryAttempt'),
      projectId: id,
      streamId: stream.id,
      number: 1,
      cause: 'REFUSED',
      evidence: { word },
      action: 'RESTART',
      startedAt: new Date(),
      log: [`${word} attempt`],
    })
    .returning()
  const told = [
    ...(await addEvents(db, stream, 2, { actor, data: { word } })),
    ...(await addEvents(db, { id: producer.id, projectId: id }, 1, {
      actor,
      type: 'producer.created',
      data: { word },
    })),
    ...(await addEvents(db, { id: open.id, projectId: id }, 1, { actor, type: 'consumer.opened', data: { word } })),
    ...(await addEvents(db, { id: actor.apiKeyId, projectId: id }, 1, { actor, type: 'key.created', data: { word } })),
    ...(await addEvents(db, { id, projectId: id }, 1, { actor, type: 'audit.mutation', data: { word } })),
    ...(await addEvents(db, stream, 1, {
      actor,
      type: 'stream.health_changed',
      data: { from: 'HEALTHY', to: 'CRITICAL', opened: [issue], closed: ['NO_MEDIA'] },
    })),
  ]
  await db
    .insert(idempotencyKeys)
    .values({ projectId: id, mutation: 'createStream', key: `${word} key`, inputHash: word, resultId: stream.id })
  const ids = {
    Project: id,
    ApiKey: actor.apiKeyId,
    MediaNode: mediaNodeId,
    Stream: stream.id,
    Producer: producer.id,
    Consumer: open.id,
    Reservation: reservationIds[0]!,
    Event: told[0]!.id,
    RecoveryAttempt: attempt!.id,
  }
  const others = [stopped.id, closed.id, ended.id, reservationIds[1]!, ...told.map((event) => event.id)]
  const { MediaNode: _shared, ...own } = ids
  return {
    word,
    ids,
    allIds: [...new Set([...Object.values(own), ...others])],
    streamId: stream.id,
    producerIds: [producer.id],
    session: { id: open.id, streamId: stream.id, projectId: id },
  }
}

/** `since` in ms since the epoch. */
export function issueOf(word: string, since: number): HealthIssue {
  const reason = `${word} reason`
  return { type: 'VIDEO_FROZEN', severity: 'CRITICAL', track: 'VIDEO', reason, since, evidence: { word } }
}
