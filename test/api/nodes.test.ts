import { beforeAll, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { newId } from '../../src/ids.ts'
import { apiKeys } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addEvents, addMediaNode, addProducer, addStream } from '../support/rows.ts'

const EveryKind = graphql(/* GraphQL */ `
  query EveryKind($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Stream {
        mediaNode {
          name
          streams
        }
        producers {
          nodes {
            id
          }
        }
      }
      ... on Producer {
        stream {
          name
        }
      }
      ... on Event {
        actor {
          name
          apiKey {
            prefix
          }
        }
        subject {
          __typename
          id
        }
      }
      ... on MediaNode {
        capacity
        draining
        version
      }
      ... on Project {
        publicHealth
        apiKeys(first: 1) {
          nodes {
            prefix
            scopes
          }
          pageInfo {
            hasNextPage
          }
        }
      }
      ... on ApiKey {
        scopes
        revokedAt
      }
    }
    mediaNodes {
      id
    }
    project {
      id
    }
  }
`)

describeOnBothDatabases('nodes', (database) => {
  let api: TestApi
  beforeAll(async () => {
    api = await createTestApi(database())
  })

  async function addKey(name: string) {
    const [row] = await database()
      .db.insert(apiKeys)
      .values({
        id: newId('ApiKey'),
        projectId: api.projectId,
        name,
        prefix: name,
        hash: newId('ApiKey'),
        scopes: ['READ'],
      })
      .returning()
    return row!
  }

  test('every kind by its id, with what hangs on it, in the order asked', async () => {
    const { db } = database()
    const older = await addKey('weir_old')
    const key = await addKey('weir_new')
    const node = await addMediaNode(db)
    const stream = await addStream(db, api.projectId, { name: 'one', mediaNodeId: node.id })
    await addStream(db, api.projectId, { mediaNodeId: node.id, deletedAt: new Date() })
    const producer = await addProducer(db, stream)
    const [event] = await addEvents(db, stream, 1, { actor: { kind: 'API_KEY', apiKeyId: older.id, name: 'old key' } })
    const ids = [key.id, api.projectId, node.id, event!.id, producer.id, stream.id]

    const answer = await api.query(EveryKind, { ids }, { key: api.key('ADMIN') })
    expect(answer.errors).toEqual([])
    expect(answer.data!.nodes!.map((each) => each!.id)).toEqual(ids)
    expect(answer.data!.nodes).toMatchObject([
      { __typename: 'ApiKey', scopes: ['READ'], revokedAt: null },
      {
        __typename: 'Project',
        publicHealth: true,
        apiKeys: { nodes: [{ prefix: 'weir_new', scopes: ['READ'] }], pageInfo: { hasNextPage: true } },
      },
      { __typename: 'MediaNode', capacity: 100, draining: false, version: '0.0.0' },
      {
        __typename: 'Event',
        actor: { name: 'old key', apiKey: { prefix: 'weir_old' } },
        subject: { __typename: 'Stream', id: stream.id },
      },
      { __typename: 'Producer', stream: { name: 'one' } },
      { __typename: 'Stream', mediaNode: { name: 'node-a', streams: 1 }, producers: { nodes: [{ id: producer.id }] } },
    ])
    expect(answer.data!.mediaNodes).toContainEqual({ id: node.id })
    expect(answer.data!.project).toEqual({ id: api.projectId })
  })

  test('each kind asks for its own scope', async () => {
    const { db } = database()
    const stream = await addStream(db, api.projectId)
    const [event] = await addEvents(db, stream, 1)
    const key = await addKey('weir_secret')
    const ids = [stream.id, event!.id, key.id]
    const codes = async (asked: string | null) => {
      const answer = await api.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids } as never, {
        key: asked,
      })
      const found = (answer.data as { nodes: ({ id: string } | null)[] }).nodes.map((each) => each !== null)
      return [found, answer.errors.map((error) => error.extensions.code)]
    }
    expect(await codes(null)).toEqual([
      [true, false, false],
      ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ])
    expect(await codes(api.key('READ'))).toEqual([[true, true, false], ['FORBIDDEN']])
    expect(await codes(api.key('ADMIN'))).toEqual([[true, true, true], []])
  })

  test('an event that has no place in the log yet is not there', async () => {
    const { db } = database()
    const stream = await addStream(db, api.projectId)
    const [event] = await addEvents(db, stream, 1, { cursor: null })
    const answer = await api.query(
      'query ($id: ID!, $stream: ID!) { node(id: $id) { id } stream(id: $stream) { events { nodes { id } } } }',
      { id: event!.id, stream: stream.id } as never,
    )
    expect(answer.data).toEqual({ node: null, stream: { events: { nodes: [] } } })
  })

  test('the same relation under two names and pages', async () => {
    const { db } = database()
    const stream = await addStream(db, api.projectId)
    const first = await addProducer(db, stream)
    const second = await addProducer(db, stream, { kind: 'AUDIO' })
    const answer = await api.query(
      `query ($id: ID!) { stream(id: $id) {
        newest: producers(first: 1) { nodes { id } }
        oldest: producers(last: 1) { nodes { id } }
        all: producers { nodes { id } }
      } }`,
      { id: stream.id } as never,
    )
    expect(answer.errors).toEqual([])
    expect(answer.data).toEqual({
      stream: {
        newest: { nodes: [{ id: second.id }] },
        oldest: { nodes: [{ id: first.id }] },
        all: { nodes: [{ id: second.id }, { id: first.id }] },
      },
    })
  })
})
