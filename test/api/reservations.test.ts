import { eq } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { graphql } from '../../src/client/generated/gql.ts'
import { newId } from '../../src/ids.ts'
import { events, projects, streams } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { describeOnBothDatabases } from '../support/databases.ts'
import { addStream } from '../support/rows.ts'

const CreateReservation = graphql(/* GraphQL */ `
  mutation CreateReservation($input: CreateReservationInput!, $idempotencyKey: String) {
    createReservation(input: $input, idempotencyKey: $idempotencyKey) {
      id
      streamId
      source
      holder
      state
      createdAt
      activatedAt
      releasedAt
      expiresAt
      stream {
        name
      }
    }
  }
`)
const ReleaseReservation = graphql(/* GraphQL */ `
  mutation ReleaseReservation($id: ID!) {
    releaseReservation(id: $id) {
      state
      releasedAt
    }
  }
`)
const ExtendReservation = graphql(/* GraphQL */ `
  mutation ExtendReservation($id: ID!, $holdSeconds: Int!) {
    extendReservation(id: $id, holdSeconds: $holdSeconds) {
      state
      expiresAt
    }
  }
`)
const OneReservation = graphql(/* GraphQL */ `
  query OneReservation($id: ID!) {
    reservation(id: $id) {
      id
      state
    }
    node(id: $id) {
      id
      ... on Reservation {
        source
        stream {
          id
        }
      }
    }
  }
`)
const Reservations = graphql(/* GraphQL */ `
  query Reservations($streamId: ID!, $filter: ReservationFilter, $first: Int, $after: String) {
    reservations(filter: $filter, first: $first, after: $after) {
      totalCount
      nodes {
        id
        state
        stream {
          name
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
    reservationCounts {
      ...Counts
    }
    ofStream: reservationCounts(streamId: $streamId) {
      ...Counts
    }
    stream(id: $streamId) {
      reservations(filter: $filter, first: $first) {
        totalCount
        nodes {
          id
        }
      }
      reservationCounts {
        ...Counts
      }
    }
  }
  fragment Counts on ReservationCounts {
    total
    active
    bySource {
      source
      total
      active
      limit
    }
  }
`)
const UpdateProject = graphql(/* GraphQL */ `
  mutation UpdateProject($id: ID!, $input: UpdateProjectInput!) {
    updateProject(id: $id, input: $input) {
      name
      quotas {
        maxConsumers
        maxReservations
        perSource
      }
    }
  }
`)
const OnDemand = graphql(/* GraphQL */ `
  mutation OnDemand($id: ID!, $create: CreateStreamInput!, $update: UpdateStreamInput!) {
    createStream(input: $create) {
      id
      onDemand
    }
    updateStream(id: $id, input: $update) {
      onDemand
    }
  }
`)

describeOnBothDatabases('reservations and quotas', (database) => {
  let api: TestApi
  let player: string
  let admin: string
  beforeAll(async () => {
    api = await createTestApi(database())
    player = api.key('PLAY')
    admin = api.key('ADMIN')
  })
  const camera = () => addStream(database().db, api.projectId)
  const create = (input: object, options: { key?: string | null; once?: string } = {}) =>
    api.query(CreateReservation, { input, idempotencyKey: options.once } as never, {
      key: options.key === undefined ? player : options.key,
    })
  const setQuotas = async (quotas: object | null) => {
    const { errors } = await api.query(UpdateProject, { id: api.projectId, input: { quotas } }, { key: admin })
    expect(errors).toEqual([])
  }

  test('a key with PLAY keeps a place, extends it, reads it and gives it back', async () => {
    const stream = await camera()
    const created = await create({ streamId: stream.id, source: 'agency', holder: 'Ann' })
    expect(created.errors).toEqual([])
    const row = created.data!.createReservation!
    expect(row).toEqual({
      id: expect.stringMatching(/^reservation_/),
      streamId: stream.id,
      source: 'agency',
      holder: 'Ann',
      state: 'HELD',
      createdAt: expect.any(String),
      activatedAt: null,
      releasedAt: null,
      expiresAt: expect.any(String),
      stream: { name: 'camera' },
    })
    expect(Date.parse(row.expiresAt) - Date.parse(row.createdAt)).toBe(3_600_000)
    const extended = await api.query(ExtendReservation, { id: row.id, holdSeconds: 7200 }, { key: player })
    expect(Date.parse(extended.data!.extendReservation!.expiresAt)).toBeGreaterThan(Date.parse(row.expiresAt))
    const read = await api.query(OneReservation, { id: row.id }, { key: player })
    expect(read.errors).toEqual([])
    expect(read.data).toEqual({
      reservation: { id: row.id, state: 'HELD' },
      node: { id: row.id, source: 'agency', stream: { id: stream.id } },
    })
    const released = await api.query(ReleaseReservation, { id: row.id }, { key: player })
    expect(released.data!.releaseReservation).toEqual({ state: 'RELEASED', releasedAt: expect.any(String) })
    const late = await api.query(ExtendReservation, { id: row.id, holdSeconds: 60 }, { key: player })
    expect(late.errors[0]!.extensions.code).toBe('INVALID_STATE')
    const logged = await database()
      .db.select()
      .from(events)
      .where(eq(events.subjectId, row.id))
      .orderBy(events.position)
    expect(logged.map(({ type, actor }) => [type, actor?.kind])).toEqual([
      ['reservation.created', 'API_KEY'],
      ['reservation.released', 'API_KEY'],
    ])
  })

  test.each([
    [{ source: '' }, 'input.source'],
    [{ source: 'x'.repeat(101) }, 'input.source'],
    [{ source: '*' }, 'input.source'],
    [{ source: 'a', holdSeconds: 0 }, 'input.holdSeconds'],
    [{ source: 'a', holdSeconds: -5 }, 'input.holdSeconds'],
    [{ source: 'a', holdSeconds: 2_592_001 }, 'input.holdSeconds'],
    [{ source: 'a', holder: 'x'.repeat(10_000) }, 'input.holder'],
    [{ source: 'a', streamId: 'camera' }, 'input.streamId'],
  ])('createReservation refuses what is not acceptable by its field: %j', async (input, path) => {
    const stream = await camera()
    const answer = await create({ streamId: stream.id, ...input })
    expect(answer.data).toEqual({ createReservation: null })
    expect(answer.errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] })
  })

  test('null, texts for numbers and fields that there are not never reach the service', async () => {
    const { id } = await camera()
    for (const input of [
      { streamId: id, source: null },
      { streamId: id, source: 'a', holdSeconds: '60' },
      { streamId: id, source: 'a', holdSeconds: 1e12 },
      { streamId: id, source: 'a', holdSeconds: null },
      { streamId: id, source: 'a', state: 'ACTIVE' },
      { source: 'a' },
    ]) {
      const answer = await create(input)
      expect(answer.errors[0]!.extensions.code).toBe('BAD_USER_INPUT')
    }
  })

  test('who may not reserve, and what is not to be had', async () => {
    const stream = await camera()
    const input = { streamId: stream.id, source: 'agency' }
    expect((await create(input, { key: null })).errors[0]!.extensions.code).toBe('UNAUTHENTICATED')
    expect((await create(input, { key: api.key('READ') })).errors[0]!.extensions.code).toBe('FORBIDDEN')
    expect((await create({ ...input, streamId: newId('Stream') })).errors[0]!.extensions.code).toBe('NOT_FOUND')
    const foreignProject = newId('Project')
    await database().db.insert(projects).values({ id: foreignProject, name: 'Other' })
    const foreign = await addStream(database().db, foreignProject)
    expect((await create({ ...input, streamId: foreign.id })).errors[0]!.extensions.code).toBe('NOT_FOUND')
    await database().db.update(streams).set({ deletedAt: new Date() }).where(eq(streams.id, stream.id))
    expect((await create(input)).errors[0]!.extensions.code).toBe('NOT_FOUND')
    const nobody = await api.query(OneReservation, { id: newId('Reservation') }, { key: player })
    expect(nobody.data).toEqual({ reservation: null, node: null })
    const stranger = await api.query(OneReservation, { id: newId('Reservation') }, { key: null })
    expect(stranger.errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    const wrong = await api.query(ReleaseReservation, { id: stream.id }, { key: player })
    expect(wrong.errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] })
  })

  test('a full quota is refused with its name, what was needed and what there was; raised, there is room again', async () => {
    const stream = await camera()
    const input = { streamId: stream.id, source: 'small site' }
    await setQuotas({ perSource: { 'small site': 2 } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => create(input)))
    const refused = answers.filter(({ errors }) => errors.length > 0)
    expect(refused).toHaveLength(10)
    for (const { errors } of refused) {
      expect(errors[0]).toMatchObject({
        message:
          'No place left for the source “small site” (quota perSource): 2 of 2 are taken; needed 1, available 0.',
        extensions: { code: 'QUOTA_EXCEEDED', needed: 1, available: 0 },
      })
    }
    await setQuotas({ perSource: { 'small site': 3 } })
    expect((await create(input)).errors).toEqual([])
    await setQuotas(null)
    await database().db.update(streams).set({ maxConsumers: 3 }).where(eq(streams.id, stream.id))
    expect((await create(input)).errors[0]!.message).toContain('the stream (maxConsumers): 3 of 3')
  })

  test('an idempotency key makes one', async () => {
    const stream = await camera()
    const input = { streamId: stream.id, source: 'agency' }
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(input, { once: 'one place' })))
    expect(new Set(answers.map(({ data }) => data!.createReservation!.id)).size).toBe(1)
    const other = await create({ ...input, source: 'other' }, { once: 'one place' })
    expect(other.errors[0]!.extensions.code).toBe('CONFLICT')
  })

  test('they are listed newest first, by page and filter, and counted', async () => {
    const stream = await camera()
    const ids: string[] = []
    for (const source of ['a', 'a', 'b']) {
      ids.unshift((await create({ streamId: stream.id, source })).data!.createReservation!.id)
    }
    await api.query(ReleaseReservation, { id: ids[0]! }, { key: player })
    await setQuotas({ perSource: { a: 5 } })
    const filter = { streamId: stream.id }
    const all = await api.query(Reservations, { streamId: stream.id, filter, first: 2 })
    expect(all.errors).toEqual([])
    expect(all.data!.reservations).toMatchObject({
      totalCount: 3,
      nodes: [
        { id: ids[0], state: 'RELEASED', stream: { name: 'camera' } },
        { id: ids[1], state: 'HELD' },
      ],
      pageInfo: { hasNextPage: true },
    })
    const after = all.data!.reservations!.pageInfo.endCursor
    const next = await api.query(Reservations, { streamId: stream.id, filter, after })
    expect(next.data!.reservations!.nodes.map((node) => node!.id)).toEqual([ids[2]])
    const held = await api.query(Reservations, {
      streamId: stream.id,
      filter: { ...filter, states: ['HELD'] },
    } as never)
    expect(held.data!.stream!.reservations).toMatchObject({ totalCount: 2, nodes: [{ id: ids[1] }, { id: ids[2] }] })
    const counts = { total: 2, active: 0, bySource: [{ source: 'a', total: 2, active: 0, limit: 5 }] }
    expect(held.data!.ofStream).toEqual(counts)
    expect(held.data!.stream!.reservationCounts).toEqual(counts)
    expect(held.data!.reservationCounts!.total).toBeGreaterThanOrEqual(2)
    for (const wrong of [{ streamId: 'x' }, { source: 'a\0' }]) {
      const answer = await api.query(Reservations, { streamId: stream.id, filter: wrong })
      expect(answer.errors[0]!.extensions.code).toBe('BAD_USER_INPUT')
    }
    await setQuotas(null)
  })

  test('counts of many streams are read together', async () => {
    for (let index = 0; index < 5; index++) await create({ streamId: (await camera()).id, source: 'a' })
    const { result, statements } = await database().countStatements(() =>
      api.query<{ streams: { nodes: object[] } }, object>(
        '{ streams(first: 50) { nodes { reservationCounts { total } } } }',
      ),
    )
    expect(result.errors).toEqual([])
    expect(result.data!.streams.nodes.length).toBeGreaterThan(5)
    expect(statements).toHaveLength(2)
  })

  test('updateProject changes what is given, keeps what is not, and says so in the log once', async () => {
    const id = api.projectId
    const update = (input: object) => api.query(UpdateProject, { id, input }, { key: admin })
    await update({ quotas: null })
    await database().db.delete(events).where(eq(events.type, 'project.updated'))
    const first = await update({ name: ' Cameras ', quotas: { maxConsumers: 10, perSource: { ' a ': 1, '*': 2 } } })
    expect(first.errors).toEqual([])
    expect(first.data!.updateProject).toEqual({
      name: 'Cameras',
      quotas: { maxConsumers: 10, maxReservations: null, perSource: { a: 1, '*': 2 } },
    })
    const second = await update({ quotas: { maxReservations: 0, perSource: { b: 3 } } })
    expect(second.data!.updateProject!.quotas).toEqual({ maxConsumers: 10, maxReservations: 0, perSource: { b: 3 } })
    expect((await update({ quotas: { perSource: { b: 3 } } })).data!.updateProject!.quotas.maxReservations).toBe(0)
    const third = await update({ quotas: { maxConsumers: null, perSource: null } })
    expect(third.data!.updateProject!.quotas).toEqual({ maxConsumers: null, maxReservations: 0, perSource: {} })
    const logged = await database()
      .db.select()
      .from(events)
      .where(eq(events.type, 'project.updated'))
      .orderBy(events.position)
    expect(logged.map(({ data }) => data)).toEqual([
      { name: 'Cameras', changed: ['name', 'quotas'] },
      { name: 'Cameras', changed: ['quotas'] },
      { name: 'Cameras', changed: ['quotas'] },
    ])
    await update({ quotas: null })
  })

  test.each([
    [{ name: null }, 'input.name'],
    [{ name: '' }, 'input.name'],
    [{ quotas: { maxConsumers: -1 } }, 'input.quotas.maxConsumers'],
    [{ quotas: { maxReservations: 1_000_001 } }, 'input.quotas.maxReservations'],
    [{ quotas: { perSource: [] } }, 'input.quotas.perSource'],
    [{ quotas: { perSource: 'a' } }, 'input.quotas.perSource'],
    [{ quotas: { perSource: { a: '1' } } }, 'input.quotas.perSource.a'],
    [{ quotas: { perSource: { a: 1.5 } } }, 'input.quotas.perSource.a'],
    [{ quotas: { perSource: { a: 1, ' a': 2 } } }, 'input.quotas.perSource.a'],
    [{ quotas: { perSource: { '': 1 } } }, 'input.quotas.perSource.'],
    [
      { quotas: { perSource: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`s${i}`, 1])) } },
      'input.quotas.perSource',
    ],
  ])('updateProject refuses %j', async (input, path) => {
    const answer = await api.query(UpdateProject, { id: api.projectId, input: input as never }, { key: admin })
    expect(answer.data).toEqual({ updateProject: null })
    expect(answer.errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] })
  })

  test('updateProject needs ADMIN, and reaches no other project', async () => {
    const input = { quotas: { maxConsumers: 1 } }
    const writer = await api.query(UpdateProject, { id: api.projectId, input }, { key: api.key('READ', 'WRITE') })
    expect(writer.errors[0]!.extensions.code).toBe('FORBIDDEN')
    const other = await api.query(UpdateProject, { id: newId('Project'), input }, { key: admin })
    expect(other.errors[0]!.extensions.code).toBe('NOT_FOUND')
  })

  test('a stream is made on demand, and no longer is, by order', async () => {
    const { id } = await camera()
    const answer = await api.query(OnDemand, {
      id,
      create: { name: 'door', source: { testPattern: {} }, onDemand: true },
      update: { onDemand: true },
    } as never)
    expect(answer.errors).toEqual([])
    expect(answer.data).toMatchObject({ createStream: { onDemand: true }, updateStream: { onDemand: true } })
    const [row] = await database().db.select().from(streams).where(eq(streams.id, id))
    expect(row).toMatchObject({ onDemand: true, desiredState: 'STOPPED', generation: 1 })
    const reset = { id, create: { name: 'door', source: { testPattern: {} } }, update: { onDemand: null } }
    const again = await api.query(OnDemand, reset as never)
    expect(again.data).toMatchObject({ createStream: { onDemand: false }, updateStream: { onDemand: false } })
  })
})
