import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { numberEvents } from '../../src/events/store.ts'
import { newId } from '../../src/ids.ts'
import { streams } from '../../src/platform/database/tables.ts'
import { openSource } from '../../src/streams/source-secret.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addProducer, addStream } from '../support/rows.ts'
import { testBox } from '../support/secret-box.ts'

const CreateStream = graphql(/* GraphQL */ `
  mutation CreateStream($input: CreateStreamInput!, $idempotencyKey: String) {
    createStream(input: $input, idempotencyKey: $idempotencyKey) {
      id
      name
      labels
      maxConsumers
      desiredState
      state
      generation
      source {
        kind
        url
        options
      }
      producers {
        nodes {
          id
        }
      }
    }
  }
`)

const UpdateStream = graphql(/* GraphQL */ `
  mutation UpdateStream($id: ID!, $input: UpdateStreamInput!) {
    updateStream(id: $id, input: $input) {
      name
      labels
      maxConsumers
      source {
        kind
        options
      }
    }
  }
`)

const OrderStream = graphql(/* GraphQL */ `
  mutation OrderStream($id: ID!) {
    startStream(id: $id) {
      desiredState
      generation
      observedGeneration
    }
    restartStream(id: $id) {
      desiredState
      generation
    }
    stopStream(id: $id) {
      desiredState
      generation
    }
    deleteStream(id: $id) {
      deletedAt
    }
  }
`)

const StartStreams = graphql(/* GraphQL */ `
  mutation StartStreams($ids: [ID!]!) {
    startStreams(ids: $ids) {
      id
      stream {
        name
        desiredState
      }
      error {
        code
        message
      }
    }
  }
`)

const CloseAndCreateProducer = graphql(/* GraphQL */ `
  mutation CloseAndCreateProducer($id: ID!, $input: CreateProducerInput!) {
    closeProducer(id: $id) {
      state
      closeReason
      stream {
        name
      }
    }
    createProducer(input: $input) {
      id
      kind
      state
      stream {
        producers(first: 1) {
          nodes {
            kind
          }
        }
      }
    }
  }
`)

describeOnBothDatabases('mutations', (database) => {
  let api: TestApi
  beforeAll(async () => {
    api = await createTestApi(database())
  })
  const pattern = { testPattern: {} }
  const create = (input: object, idempotencyKey?: string) => api.query(CreateStream, { input, idempotencyKey } as never)

  test('createStream answers with the stream, what was not said at its defaults', async () => {
    const answer = await create({ name: ' Front door ', source: pattern, labels: { site: 'a' } })
    expect(answer.errors).toEqual([])
    expect(answer.data!.createStream).toEqual({
      id: expect.stringMatching(/^stream_/),
      name: 'Front door',
      labels: { site: 'a' },
      maxConsumers: null,
      desiredState: 'STOPPED',
      state: 'STOPPED',
      generation: 1,
      source: { kind: 'TEST_PATTERN', url: null, options: { width: 1280, height: 720, fps: 25, tone: true } },
      producers: { nodes: [] },
    })
  })

  test('the password of a source is kept and never answered', async () => {
    const url = 'rtsp://user:hunter2@camera.test:8554/live'
    const answer = await create({ name: 'cam', source: { url: { url, rtspTransport: 'UDP' } }, start: true })
    expect(answer.data!.createStream).toMatchObject({
      desiredState: 'RUNNING',
      source: { kind: 'RTSP', options: { rtspTransport: 'UDP' } },
    })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
    const [row] = await database().db.select().from(streams).where(eq(streams.id, answer.data!.createStream!.id))
    expect(row!.source).toEqual({ kind: 'RTSP', url: 'rtsp://***@camera.test:8554/live', rtspTransport: 'UDP' })
    expect(JSON.stringify(row)).not.toContain('hunter2')
    expect(openSource(testBox, row!)).toEqual({ kind: 'RTSP', url, rtspTransport: 'UDP' })
  })

  test.each([
    [{ name: '', source: pattern }, 'input.name'],
    [{ name: 'x'.repeat(10_000), source: pattern }, 'input.name'],
    [{ name: 'x', source: { url: { url: 'gopher://host/' } } }, 'input.source.url.url'],
    [{ name: 'x', source: { url: { url: 'not a url' } } }, 'input.source.url.url'],
    [{ name: 'x', source: { url: { url: 'rtsp://host/', kind: 'FILE' } } }, 'input.source.url.kind'],
    [{ name: 'x', source: { file: { path: '../etc/passwd' } } }, 'input.source.file.path'],
    [{ name: 'x', source: { testPattern: { width: 3 } } }, 'input.source.testPattern.width'],
    [{ name: 'x', source: { ...pattern, file: { path: 'a' } } }, 'input.source'],
    [{ name: 'x', source: {} }, 'input.source'],
    [{ name: 'x', source: pattern, labels: ['a'] }, 'input.labels'],
    [{ name: 'x', source: pattern, maxConsumers: 0 }, 'input.maxConsumers'],
  ])('%j is refused, names the field and stores nothing', async (input, field) => {
    const before = await database().db.$count(streams)
    const answer = await create(input)
    expect(answer.data?.createStream ?? null).toBeNull()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: field }] } }])
    expect(await database().db.$count(streams)).toBe(before)
  })

  test('the same idempotencyKey: the same stream; with another input CONFLICT', async () => {
    const input = { name: 'once', source: pattern }
    const first = await create(input, 'key-1')
    const again = await create(input, 'key-1')
    expect(again.data!.createStream!.id).toBe(first.data!.createStream!.id)
    const other = await create({ ...input, name: 'twice' }, 'key-1')
    expect(other.errors).toMatchObject([{ path: ['createStream'], extensions: { code: 'CONFLICT' } }])
    expect((await create(input, 'key-2')).data!.createStream!.id).not.toBe(first.data!.createStream!.id)
  })

  test('updateStream: absent keeps, null resets, what has to be there can not be reset', async () => {
    const made = await create({ name: 'before', source: pattern, labels: { a: 'b' }, maxConsumers: 5 })
    const { id } = made.data!.createStream!
    const update = (input: object) => api.query(UpdateStream, { id, input })
    expect((await update({ name: 'after' })).data!.updateStream).toMatchObject({
      name: 'after',
      labels: { a: 'b' },
      maxConsumers: 5,
    })
    expect((await update({ labels: null, maxConsumers: null })).data!.updateStream).toMatchObject({
      labels: {},
      maxConsumers: null,
    })
    expect((await update({ source: { testPattern: { fps: 10 } } })).data!.updateStream!.source!.options).toMatchObject({
      fps: 10,
    })
    for (const field of ['name', 'source'])
      expect((await update({ [field]: null })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
      ])
  })

  test('orders are carried out one after the other, each counted; all stand in the log with who did them', async () => {
    const { id } = await addStream(database().db, api.projectId)
    const answer = await api.query(OrderStream, { id })
    expect(answer.errors).toEqual([])
    expect(answer.data).toMatchObject({
      startStream: { desiredState: 'RUNNING', generation: 2, observedGeneration: 0 },
      restartStream: { desiredState: 'RUNNING', generation: 3 },
      stopStream: { desiredState: 'STOPPED', generation: 4 },
      deleteStream: { deletedAt: expect.any(String) },
    })
    await numberEvents(database().db)
    const log = await api.query<{ stream: { events: { nodes: { type: string; actor: unknown }[] } } }, object>(
      'query ($id: ID!) { stream(id: $id) { events { nodes { type actor { kind name } } } } }',
      { id },
    )
    expect(log.data!.stream.events.nodes.map(({ type }) => type)).toEqual([
      'stream.deleted',
      'stream.ordered',
      'stream.ordered',
      'stream.ordered',
    ])
    expect(log.data!.stream.events.nodes[0]!.actor).toEqual({ kind: 'API_KEY', name: 'key-0' })
  })

  test.each(['startStream', 'stopStream', 'restartStream', 'deleteStream'])('%s of what is not there', async (name) => {
    const unknown = await api.query(`mutation { ${name}(id: "${newId('Stream')}") { id } }`)
    expect(unknown.errors).toMatchObject([{ path: [name], extensions: { code: 'NOT_FOUND' } }])
    const wrong = await api.query(`mutation { ${name}(id: "${newId('Producer')}") { id } }`)
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] } }])
    const elsewhere = await addStream(database().db, (await createTestApi(database())).projectId)
    const foreign = await api.query(`mutation { ${name}(id: "${elsewhere.id}") { id } }`)
    expect(foreign.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })

  test('many at once: an answer each, in the order asked; one failure does not stop the others', async () => {
    const a = await addStream(database().db, api.projectId, { name: 'a' })
    const b = await addStream(database().db, api.projectId, { name: 'b' })
    const gone = newId('Stream')
    const answer = await api.query(StartStreams, { ids: [b.id, gone, a.id] })
    expect(answer.errors).toEqual([])
    expect(answer.data!.startStreams).toEqual([
      { id: b.id, stream: { name: 'b', desiredState: 'RUNNING' }, error: null },
      { id: gone, stream: null, error: { code: 'NOT_FOUND', message: expect.any(String) } },
      { id: a.id, stream: { name: 'a', desiredState: 'RUNNING' }, error: null },
    ])
    const many = await api.query(StartStreams, { ids: Array.from({ length: 101 }, () => a.id) })
    expect(many.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'ids' }] } }])
  })

  describe('producers', () => {
    test('closed by order, made again; CONFLICT while one is open, INVALID_STATE while the stream is stopped', async () => {
      const stream = await addStream(database().db, api.projectId, {
        name: 'produced',
        desiredState: 'RUNNING',
        startOrder: 1,
      })
      const producer = await addProducer(database().db, stream)
      const input = { streamId: stream.id, kind: 'VIDEO' as const }
      const answer = await api.query(CloseAndCreateProducer, { id: producer.id, input })
      expect(answer.errors).toEqual([])
      expect(answer.data).toMatchObject({
        closeProducer: { state: 'CLOSED', closeReason: 'ORDERED', stream: { name: 'produced' } },
        createProducer: { kind: 'VIDEO', state: 'CREATED', stream: { producers: { nodes: [{ kind: 'VIDEO' }] } } },
      })
      const again = await api.query('mutation ($i: CreateProducerInput!) { createProducer(input: $i) { id } }', {
        i: input,
      } as never)
      expect(again.errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }])
      const stopped = await addStream(database().db, api.projectId)
      const refused = await api.query('mutation ($i: CreateProducerInput!) { createProducer(input: $i) { id } }', {
        i: { ...input, streamId: stopped.id },
      } as never)
      expect(refused.errors).toMatchObject([{ extensions: { code: 'INVALID_STATE' } }])
    })
  })

  test('the orders of a subscriber to the same bus arrive by it', async () => {
    const { id } = await addStream(database().db, api.projectId)
    const heard: string[] = []
    const stop = api.deps.bus.subscribe('orders', (order) => heard.push(order))
    await api.query(`mutation { startStream(id: "${id}") { id } }`)
    stop()
    expect(heard).toEqual([id])
  })
})
