import { and, asc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import type { EventData } from '../../src/events/model.ts'
import { numberEvents } from '../../src/events/store.ts'
import { newId } from '../../src/ids.ts'
import { events } from '../../src/platform/database/tables.ts'
import { createTestApi, type TestApi } from '../support/api.ts'
import { nextData, operate, serveTestApi, type TestApiServer } from '../support/api-server.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { addConsumer, addEvents, addStream } from '../support/rows.ts'
import { anyArguments, askFor } from '../support/schema-values.ts'

const secret = 'hunter2-of-the-audit'
const mutations = Object.values(schema.getMutationType()!.getFields())
const audited = mutations.filter(({ name }) => !name.startsWith('recordHeartbeat'))

let database: TestDatabase
let api: TestApi
let server: TestApiServer

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  api = await createTestApi(database)
  server = await serveTestApi(api)
})
afterEach(() => server.close())

async function trail(projectId = api.projectId) {
  const rows = await database.db
    .select()
    .from(events)
    .where(and(eq(events.projectId, projectId), eq(events.type, 'audit.mutation')))
    .orderBy(asc(events.position))
  return rows.map(({ subjectId, actor, data }) => ({ subjectId, actor, ...(data as EventData['audit.mutation']) }))
}

interface Told {
  data?: Record<string, unknown> | null
  errors?: { extensions: { code: string } }[]
}

/** As the answer says it; of one over many things the first one's, as there is one alone. */
function outcome({ data, errors }: Told, name: string) {
  if (errors?.length) return errors[0]!.extensions.code
  const told = data?.[name]
  return (Array.isArray(told) ? told[0]?.error?.code : null) ?? 'OK'
}

/** Every argument given: well-formed, of nothing that there is, a secret wherever text can stand. */
const marked = (name: string) =>
  anyArguments(mutations.find((field) => field.name === name)!.args, (type, place) => {
    if (type === 'String') return secret
    if (type === 'ID') return newId(idKind(name, place))
    if (type === 'Int' || type === 'Float' || type === 'BigInt') return 10
    if (type === 'Boolean') return true
    if (type === 'URL') return `rtsp://user:${secret}@camera.test/live?token=${secret}`
    if (type === 'DateTime') return new Date().toISOString()
    return { secret }
  })

function idKind(mutation: string, place: string) {
  if (/stream/i.test(place) || /Stream/.test(mutation)) return 'Stream'
  if (/Producer/.test(mutation)) return 'Producer'
  if (/Reservation/.test(mutation) || /reservation/.test(place)) return 'Reservation'
  if (/Project/.test(mutation)) return 'Project'
  if (/Key/.test(mutation)) return 'ApiKey'
  if (/MediaNode/.test(mutation)) return 'MediaNode'
  return 'Consumer'
}

test.each(audited)(
  '$name: each time exactly one event, with what came of it, from whom, and nothing of the input',
  async (field) => {
    const { variables, text } = askFor(field, field.name.endsWith('Streams') ? 'error { code }' : '__typename')
    const query = `mutation ${variables} { ${text} }`
    const given = marked(field.name)
    const keys = [null, api.key('READ'), api.key('PLAY'), api.key('READ', 'WRITE'), api.key('ADMIN')]
    const told: string[] = []
    for (const key of keys) {
      const answer = await api.query<Record<string, unknown>, object>(query, given, { key })
      told.push(outcome(answer, field.name))
      const { value } = await operate<Record<string, unknown>, Record<string, unknown>>(
        server.client(key),
        query,
        given,
      ).next()
      told.push(outcome(value, field.name))
    }
    // What is refused before it is resolved: by its variables, and by its document.
    await api.query(query, { nothing: 1 }, { key: keys[4]! })
    told.push(field.args.some(({ type }) => String(type).endsWith('!')) ? 'BAD_USER_INPUT' : 'OK')
    await api.query(`mutation { ${field.name} { no such thing "${secret}" } }`, {}, { key: keys[4]! })
    await operate(server.client(keys[4]!), `mutation { ${field.name}(secret: 1) { unknown } }`).next()
    told.push('BAD_USER_INPUT')

    const rows = await trail()
    expect(rows.map(({ mutation, result }) => [mutation, result])).toEqual(told.map((result) => [field.name, result]))
    expect(rows.map(({ transport }) => transport).slice(0, 4)).toEqual(['HTTP', 'WEBSOCKET', 'HTTP', 'WEBSOCKET'])
    expect(rows[1]!.actor).toMatchObject({ kind: 'ANONYMOUS', address: expect.stringMatching(/127\.0\.0\.1/) })
    expect(rows[3]!.actor).toMatchObject({ kind: 'API_KEY', apiKeyId: expect.any(String), address: expect.any(String) })
    expect(new Set(rows.map(({ subjectId }) => subjectId))).toEqual(new Set([api.projectId]))
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(rows.length)
    // Of what is made by a name that is the secret, its own event has that name: only the trail is asked here.
    expect(JSON.stringify(rows)).not.toContain(secret)
  },
)

test('ids that a mutation is about are told, those of what it made with them; of several each has its own event', async () => {
  const stream = await addStream(database.db, api.projectId)
  const answer = await api.query<{ a: { id: string }; b: { id: string }; d: null }, object>(
    `mutation ($id: ID!, $skip: Boolean!) {
      a: createStream(input: { name: "a", source: { testPattern: {} } }) { id }
      ...More
      skipped: deleteStream(id: $id) @skip(if: $skip) { id }
      d: startStream(id: "no id at all") { id }
      e: startStreams(ids: [$id]) { stream { consumers(first: 1001) { totalCount } } }
    }
    fragment More on Mutation { b: updateStream(id: $id, input: { name: "b" }) { id } ... on Mutation { b: updateStream(id: $id, input: { name: "b" }) { id } } }`,
    { id: stream.id, skip: true },
  )
  expect(answer.data).toMatchObject({ a: {}, b: {}, d: null })
  expect((await trail()).map(({ mutation, result, subjectIds }) => [mutation, result, subjectIds])).toEqual([
    ['createStream', 'OK', [answer.data!.a.id]],
    ['updateStream', 'OK', [stream.id]],
    ['startStream', 'BAD_USER_INPUT', []],
    ['startStreams', 'OK', [stream.id]],
  ])
})

test('heartbeats, queries and documents that can not be read leave no trace', async () => {
  const stream = await addStream(database.db, api.projectId)
  const session = await addConsumer(database.db, stream)
  await api.query(`mutation { recordHeartbeat(consumerId: "${session.id}") { accepted } }`)
  await api.query(`mutation { recordHeartbeats(heartbeats: [{ consumerId: "${session.id}" }]) { accepted } }`)
  await api.query('{ streams { totalCount } }')
  await api.query('mutation { startStream(id: ')
  await api.query('mutation { noSuchMutation }')
  expect(await trail()).toEqual([])
})

test('by GET, with a bad key and in an unknown key of the socket: refused, and audited', async () => {
  const query = 'mutation { startStream(id: "x") { id } }'
  const byGet = await api.graphql.fetch(`http://weir.test/graphql?query=${encodeURIComponent(query)}`, {
    headers: { authorization: `Bearer ${api.key('WRITE')}` },
  })
  expect(byGet.status).toBe(405)
  await api.query(query, {}, { key: 'unknown' })
  const client = server.client(api.key('WRITE'))
  await operate(client, '{ viewer { scopes } }').next()
  expect((await trail()).map(({ result, actor }) => [result, actor?.kind])).toEqual([
    ['BAD_USER_INPUT', 'API_KEY'],
    ['UNAUTHENTICATED', 'ANONYMOUS'],
  ])
})

test('only ADMIN reads the trail, by whatever way', async () => {
  const admin = api.key('ADMIN')
  const reader = api.key('READ', 'WRITE', 'PLAY', 'PUBLISH')
  const stream = await addStream(database.db, api.projectId)
  const client = server.client(reader)
  await api.query(`mutation { startStream(id: "${stream.id}") { id } }`)
  await numberEvents(database.db)
  const list = '{ events { nodes { id type actor { kind } } } }'
  const types = async (key: string, query = list) => {
    const { data, errors } = await api.query<{ events: { nodes: { id: string; type: string }[] } | null }, object>(
      query,
      {},
      { key },
    )
    return { nodes: data?.events?.nodes ?? [], codes: errors.map(({ extensions }) => extensions.code) }
  }
  const seen = await types(admin)
  const entry = seen.nodes.find(({ type }) => type === 'audit.mutation')!
  expect(entry.id).toMatch(/^event_/)
  const others = seen.nodes.filter(({ type }) => type !== 'audit.mutation')
  expect(others.length).toBeGreaterThan(0)
  expect((await types(reader)).nodes).toEqual(others)
  const named = list.replace('events', 'events(filter: { types: ["audit.mutation", "stream.ordered"] })')
  expect((await types(reader, named)).codes).toEqual(['FORBIDDEN'])
  expect((await types(admin, named)).nodes).toHaveLength(2)

  const byId = `{ node(id: "${entry.id}") { id } nodes(ids: ["${entry.id}"]) { id } }`
  expect((await api.query(byId, {}, { key: reader })).data).toEqual({ node: null, nodes: [null] })
  expect((await api.query(byId, {}, { key: admin })).data).toMatchObject({ node: { id: entry.id } })
  const own = await operate(client, `subscription { node(id: "${entry.id}") { id } }`).next()
  expect(own.value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  const refused = await operate(
    client,
    'subscription { events(filter: { types: ["audit.mutation"] }) { __typename } }',
  ).next()
  expect(refused.value).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })

  // Past and live: what comes next after everything is an event that anybody with READ may see.
  const log = operate<{ events: { __typename: string; type?: string; mark?: unknown } }, Record<string, unknown>>(
    client,
    'subscription { events(after: "0") { __typename ... on Event { type mark: data } } }',
  )
  expect(await nextData(log)).toMatchObject({ events: { __typename: 'Checkpoint' } })
  const read: string[] = []
  const readOn = async (mark: string) => {
    for (;;) {
      const { events: message } = await nextData(log)
      if (message.type) read.push(message.type)
      if (JSON.stringify(message.mark ?? null).includes(mark)) return
    }
  }
  await addEvents(database.db, stream, 1, { type: 'audit.mutation' })
  await addEvents(database.db, stream, 1, { data: { mark: 'first' } })
  await readOn('first')
  await addEvents(database.db, stream, 1, { type: 'audit.mutation' })
  await addEvents(database.db, stream, 1, { data: { mark: 'second' } })
  await readOn('second')
  expect(read.length).toBeGreaterThanOrEqual(3)
  expect(read).not.toContain('audit.mutation')
  await log.return?.()
})

test('addresses of actors are for ADMIN alone', async () => {
  const stream = await addStream(database.db, api.projectId)
  await addEvents(database.db, stream, 1, { actor: { kind: 'API_KEY', name: 'phone', address: '203.0.113.7' } })
  const query = '{ events { nodes { actor { name address } } } }'
  const read = await api.query(query, {}, { key: api.key('READ') })
  expect(JSON.stringify(read.data)).toContain('phone')
  expect(JSON.stringify(read)).not.toContain('203.0.113.7')
  expect(JSON.stringify(await api.query(query, {}, { key: api.key('ADMIN') }))).toContain('203.0.113.7')
})
