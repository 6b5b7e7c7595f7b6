import { afterEach, beforeEach, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import type { NewEvent } from '../../src/events/model.ts'
import { newId } from '../../src/ids.ts'
import { streams } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate } from '../support/api-server.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { type LogServer, startLogServer } from '../support/log-client.ts'
import { addStream, figuresOf } from '../support/rows.ts'

const WatchHealth = graphql(/* GraphQL */ `
  subscription WatchHealth($streamId: ID!, $after: String, $intervalSeconds: Int! = 1) {
    streamHealth(streamId: $streamId, after: $after, intervalSeconds: $intervalSeconds) {
      __typename
      ... on StreamHealth {
        streamId
        status
        issues {
          type
        }
      }
      ... on HealthChange {
        cursor
        status
        previous
        opened {
          type
          severity
          track
          reason
          since
          evidence
        }
        closed
      }
      ... on Checkpoint {
        cursor
        caughtUp
      }
      ... on Gap {
        missed
      }
    }
  }
`)

const since = 1_700_000_000_000
const frozen = {
  type: 'VIDEO_FROZEN',
  severity: 'CRITICAL',
  track: 'VIDEO',
  reason: 'no new picture for 6 s',
  since,
  evidence: { silentSeconds: 6 },
} as const

describeOnBothDatabases('Subscription.streamHealth', (database) => {
  let api: TestApi
  let node: LogServer
  let stream: { id: string }

  beforeEach(async () => {
    api = await createTestApi(database())
    node = await startLogServer(api, database().db)
    stream = await addStream(database().db, api.projectId)
  })
  afterEach(() => node.close())

  const watch = (variables: object = {}, key: string | null = null) =>
    operate(node.server.client(key), WatchHealth, { streamId: stream.id, intervalSeconds: 60, ...variables })
  type Messages = ReturnType<typeof watch>
  const next = async (messages: Messages) => (await nextData(messages)).streamHealth
  const changed = (toFrozen: boolean, subjectId = stream.id): NewEvent => ({
    type: 'stream.health_changed',
    projectId: api.projectId,
    subjectId,
    data: toFrozen
      ? { from: 'HEALTHY', to: 'CRITICAL', opened: [frozen], closed: [] }
      : { from: 'CRITICAL', to: 'HEALTHY', opened: [], closed: ['VIDEO_FROZEN'] },
  })

  test('without a key: where the log stands, the state, then each change once and in order', async () => {
    const messages = watch()
    expect(await next(messages)).toMatchObject({ __typename: 'Checkpoint', caughtUp: true })
    expect(await next(messages)).toEqual({
      __typename: 'StreamHealth',
      streamId: stream.id,
      status: 'UNKNOWN',
      issues: [],
    })
    await node.append(changed(true), changed(true, newId('Stream')), changed(false))
    expect(await next(messages)).toMatchObject({
      __typename: 'HealthChange',
      status: 'CRITICAL',
      previous: 'HEALTHY',
      opened: [{ ...frozen, since: new Date(since).toISOString() }],
      closed: [],
    })
    expect(await next(messages)).toMatchObject({ status: 'HEALTHY', opened: [], closed: ['VIDEO_FROZEN'] })
  })

  test('resumes by cursor, over a restart', async () => {
    const first = watch()
    await next(first)
    await next(first)
    await node.append(changed(true))
    const { cursor } = (await next(first)) as { cursor: string }
    await node.close()
    node = await startLogServer(api, database().db)
    await node.append(changed(false), changed(true))
    const again = watch({ after: cursor })
    const seen = []
    while (seen.length < 2) {
      const message = await next(again)
      if (message.__typename === 'HealthChange') seen.push(message.status)
    }
    expect(seen).toEqual(['HEALTHY', 'CRITICAL'])
  })

  test('the state as it is judged, every interval', async () => {
    const judged = { ...figuresOf(stream.id), health: { status: 'HEALTHY' as const, issues: [] }, healthAt: Date.now() }
    api.figures.set(stream.id, judged)
    const messages = watch({ intervalSeconds: 1 })
    await next(messages)
    expect(await next(messages)).toMatchObject({ status: 'HEALTHY' })
    const issues = [frozen]
    api.figures.set(stream.id, { ...judged, health: { status: 'CRITICAL', issues: [...issues] }, healthAt: Date.now() })
    expect(await next(messages)).toMatchObject({ status: 'CRITICAL', issues: [{ type: 'VIDEO_FROZEN' }] })
  })

  test('ends with the stream; refusals are typed; nobody is left listening', async () => {
    const messages = watch({ intervalSeconds: 1 })
    await next(messages)
    await next(messages)
    await database().db.delete(streams)
    expect(await messages.next()).toMatchObject({ done: true })
    const gone = await watch({ streamId: newId('Stream') }).next()
    expect(gone.value.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const wrong = await watch({ streamId: newId('Producer') }).next()
    expect(wrong.value.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    await eventually(() => expect(api.listeners()).toBe(1))
  })

  test('not public: a key is needed', async () => {
    const shut = await createTestApi(database(), { publicHealth: false })
    const other = await startLogServer(shut, database().db)
    const { value } = await operate(other.server.client(null), WatchHealth, { streamId: stream.id }).next()
    expect(value.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    await other.close()
  })
})
