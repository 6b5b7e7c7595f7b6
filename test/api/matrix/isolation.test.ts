import { sql } from 'drizzle-orm'
import { type GraphQLField, getNamedType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../schema/index.ts'
import { kindOfId } from '../../../src/ids.ts'
import { anyArguments, askFor, plainInputs } from '../../support/schema-values.ts'
import { type MatrixBed, openMatrixBed } from './bed.ts'
import type { FullProject } from './project.ts'
import type { CallerName } from './verdicts.ts'
import { type Argue, ask, everythingOf } from './whole.ts'

let bed: MatrixBed
beforeAll(async () => {
  bed = await openMatrixBed()
})
afterAll(() => bed.close())

const queries = Object.values(schema.getQueryType()!.getFields())
const depth = 3

/** Arguments of a project's things; of lists a short page. */
function argueFor(project: FullProject, id?: string): Argue {
  return (field, name, isNeeded) => {
    if (name === 'first') return '2'
    if (name === 'maxPoints') return '10'
    if (name === 'from' || name === 'time') return isNeeded ? `"${bed.past[name]}"` : undefined
    if (name === 'ids')
      return `[${project.allIds
        .slice(0, 20)
        .map((each) => `"${each}"`)
        .join(', ')}]`
    if (name === 'id') return `"${id ?? project.ids[getNamedType(field.type).name] ?? project.streamId}"`
    if (name === 'streamId') return `"${project.streamId}"`
    return undefined
  }
}

/** What of a project stands in a text; `given`: what the caller said itself. */
function tracesOf(project: FullProject, told: unknown, given = ''): string[] {
  const text = JSON.stringify(told)
  return [project.word, ...project.allIds].filter((trace) => text.includes(trace) && !given.includes(trace))
}

const kinds = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name)

/** All that a root field has, three objects deep: a document for each kind of thing, where things of several kinds are met. */
function documentsOf(field: GraphQLField<unknown, unknown>, argue: Argue, id?: string): string[] {
  const documents = kinds
    .filter((kind) => id === undefined || kindOfId(id) === kind)
    .map((kind) => `{ ${ask(field, argue)}${everythingOf(field.type, depth - 1, { schema, argue, kind })} }`)
  return [...new Set(documents)]
}

describe.each(['ADMIN', 'READ', 'PLAY', 'SESSION', 'NOBODY'] as const)(
  '%s of another project',
  (caller: CallerName) => {
    test('finds nothing of it, three objects deep, by its own ids', { timeout: 120_000 }, async () => {
      let found = 0
      for (const field of queries) {
        const ids = field.name === 'node' ? Object.values(bed.own.ids) : [undefined]
        for (const id of ids)
          for (const document of documentsOf(field, argueFor(bed.own, id), id)) {
            const told = await bed.ask(caller, document)
            expect([
              field.name,
              told.errors.filter(({ extensions }) =>
                ['BAD_USER_INPUT', 'TOO_COMPLEX', 'INTERNAL'].includes(extensions.code),
              ),
            ]).toEqual([field.name, []])
            expect([field.name, tracesOf(bed.other, told), tracesOf(bed.first, told)]).toEqual([field.name, [], []])
            found += tracesOf(bed.own, told).length
          }
      }
      // The same documents do find what is one's own.
      expect(found).toBeGreaterThan(caller === 'ADMIN' ? 60 : 3)
    })

    test('finds nothing of it by the ids of its things', { timeout: 120_000 }, async () => {
      for (const field of queries.filter(({ args }) => args.some(({ name }) => /^(id|ids|streamId)$/.test(name)))) {
        const ids = field.name === 'node' ? bed.other.allIds : [undefined]
        for (const id of ids)
          for (const document of documentsOf(field, argueFor(bed.other, id), id)) {
            const told = await bed.ask(caller, document)
            expect([field.name, tracesOf(bed.other, told, document)]).toEqual([field.name, []])
            // Not even that they are there.
            const value = told.data?.[field.name] ?? null
            const isNothing = Array.isArray(value)
              ? value.every((one) => one === null)
              : value === null || isEmptyPage(value)
            expect([field.name, isNothing ? null : value]).toEqual([field.name, null])
          }
      }
    })
  },
)

function isEmptyPage(value: unknown): boolean {
  return (value as { nodes?: unknown[] }).nodes?.length === 0
}

test('the operator sees projects and keys of all, and nothing else of them', { timeout: 120_000 }, async () => {
  const told: unknown[] = []
  for (const field of queries)
    for (const document of documentsOf(field, argueFor(bed.first))) told.push(await bed.ask('OPERATOR', document))
  for (const id of bed.other.allIds)
    told.push(
      await bed.ask(
        'OPERATOR',
        `{ node(id: "${id}") { __typename id ... on Stream { name } ... on Project { name } } }`,
      ),
    )
  const { Project, ApiKey } = bed.other.ids
  expect(tracesOf(bed.other, told).sort()).toEqual([bed.other.word, Project!, ApiKey!].sort())
})

test('by cursors of its lists', async () => {
  const lists = queries.filter(({ args }) => args.some(({ name }) => name === 'after'))
  expect(lists.length).toBeGreaterThan(5)
  for (const { name } of lists) {
    const { data } = await bed.ask('ADMIN', `{ ${name}(first: 1) { edges { cursor } } }`, {}, bed.other)
    const cursor = (data![name] as { edges: { cursor: string }[] }).edges[0]!.cursor
    for (const place of ['after', 'before']) {
      const told = await bed.ask(
        'ADMIN',
        `query ($cursor: String) { ${name}(${place}: $cursor, first: 100) { nodes { __typename id } totals: pageInfo { hasNextPage hasPreviousPage startCursor } } }`,
        { cursor },
      )
      expect([name, told.errors, tracesOf(bed.other, told, cursor)]).toEqual([name, [], []])
    }
  }
})

test('by filters that name its things', async () => {
  const { ids, word } = bed.other
  const filters = {
    streams: [`ids: ["${ids.Stream}"]`, `name: "${word}"`, `labels: { word: "${word}" }`],
    producers: [`streamId: "${ids.Stream}"`],
    consumers: [`streamId: "${ids.Stream}"`, `clientId: "${word} client"`, `source: "${word}-source"`],
    reservations: [`streamId: "${ids.Stream}"`, `source: "${word}-source"`],
    events: [`subjectId: "${ids.Stream}"`, `subjectId: "${ids.Project}"`],
  }
  for (const [name, given] of Object.entries(filters))
    for (const filter of given) {
      const count = /streams|consumers|reservations/.test(name) ? 'totalCount' : ''
      const query = `{ ${name}(filter: { ${filter} }) { nodes { id } ${count} } }`
      const none = { nodes: [], ...(count ? { totalCount: 0 } : {}) }
      expect(await bed.ask('ADMIN', query)).toEqual({ data: { [name]: none }, errors: [] })
      expect((await bed.ask('ADMIN', query, {}, bed.other)).data![name]).not.toEqual(none)
    }
  const ofStream = `{ stream(id: "${bed.own.streamId}") { consumers(filter: { streamId: "${ids.Stream}" }) { nodes { id } } events(filter: { subjectId: "${ids.Stream}" }) { nodes { id } } } }`
  expect(await bed.ask('ADMIN', ofStream)).toEqual({
    data: { stream: { consumers: { nodes: [] }, events: { nodes: [] } } },
    errors: [],
  })
  expect(await bed.ask('ADMIN', `{ recoveryAttempts(streamId: "${ids.Stream}") { nodes { id } } }`)).toEqual({
    data: { recoveryAttempts: { nodes: [] } },
    errors: [],
  })
})

test('by subscriptions to its things', async () => {
  const { ids } = bed.other
  const refused = [
    `node(id: "${ids.Stream}") { id }`,
    `node(id: "${ids.Event}") { id }`,
    `node(id: "${ids.Consumer}") { id }`,
    `streamHealth(streamId: "${ids.Stream}", after: "0") { __typename }`,
  ]
  for (const each of refused) {
    const [first] = await bed.watch('ADMIN', `subscription { ${each} }`, () => true)
    expect([each, first!.errors.map(({ extensions }) => extensions.code)]).toEqual([each, ['NOT_FOUND']])
  }
  const [wall] = await bed.watch(
    'ADMIN',
    `subscription { streams(filter: { ids: ["${ids.Stream}"] }) { changed { id } removedIds complete } }`,
    () => true,
  )
  expect(wall).toEqual({ data: { streams: { changed: [], removedIds: [], complete: true } }, errors: [] })
  // All of the log up to its end, which comes behind the last event of every project.
  const log = await bed.watch(
    'ADMIN',
    'subscription { events(after: "0") { __typename ... on Event { id data actor { name } subject { id } } ... on Checkpoint { caughtUp } } }',
    ({ events }) => (events as { caughtUp?: boolean }).caughtUp === true,
  )
  expect(tracesOf(bed.own, log).length).toBeGreaterThan(5)
  expect([tracesOf(bed.other, log), tracesOf(bed.first, log)]).toEqual([[], []])
})

test('an idempotency key of its own is one of its own', async () => {
  const create = (project: FullProject) =>
    bed.ask(
      'WRITE',
      'mutation { createStream(input: { name: "once", source: { testPattern: {} } }, idempotencyKey: "the same") { id project { id } } }',
      {},
      project,
    )
  const [own, other] = [await create(bed.own), await create(bed.other)]
  expect(own.data).toMatchObject({ createStream: { project: { id: bed.own.ids.Project } } })
  expect(other.data).toMatchObject({ createStream: { project: { id: bed.other.ids.Project } } })
  // One that the other has used, for what can not be known, is new here.
  const used = await bed.ask(
    'WRITE',
    `mutation { createStream(input: { name: "x", source: { testPattern: {} } }, idempotencyKey: "${bed.other.word} key") { id } }`,
  )
  expect(used.errors).toEqual([])
  expect(tracesOf(bed.other, used)).toEqual([])
})

/** Every row of a project, of every table that has projects; not when keys were used. */
async function rowsOf({ ids }: FullProject) {
  const { db } = bed.database
  const tables = await db.execute<{ name: string }>(
    sql`select distinct table_name as name from information_schema.columns where column_name = 'project_id' and table_schema = 'public'`,
    'objects',
  )
  const rows: unknown[] = [await db.execute(sql`select * from projects where id = ${ids.Project}`, 'objects')]
  for (const { name } of tables)
    rows.push(
      await db.execute(
        sql`select * from ${sql.identifier(name)} where project_id = ${ids.Project} order by 1, 2`,
        'objects',
      ),
    )
  return rows
}

test('every mutation of its things is NOT_FOUND and changes nothing', { timeout: 60_000 }, async () => {
  const before = await rowsOf(bed.other)
  expect(before.length).toBeGreaterThan(6)
  const { ids } = bed.other
  const forbidden: string[] = []
  const wrong: string[] = []
  const idOf = (mutation: string, place: string) => {
    if (/stream/i.test(place) || /Streams?$/.test(mutation)) return ids.Stream
    if (/Producer/.test(mutation)) return ids.Producer
    if (/Reservation/.test(mutation) || /reservation/.test(place)) return ids.Reservation
    if (/Project/.test(mutation) || /project/.test(place)) return ids.Project
    if (/Key/.test(mutation)) return ids.ApiKey
    return /MediaNode/.test(mutation) ? ids.MediaNode : ids.Consumer
  }
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    const many = field.name.endsWith('Streams')
    const beats = field.name.startsWith('recordHeartbeat')
    const { variables, text } = askFor(field, many ? 'error { code }' : beats ? 'refusal' : '__typename')
    const given = anyArguments(
      field.args,
      (type, place) => {
        if (type === 'ID') return idOf(field.name, place)
        if (type === 'Int' || type === 'Float' || type === 'BigInt') return 10
        if (type === 'Boolean') return true
        if (type === 'URL') return 'rtsp://camera.test/live'
        if (type === 'DateTime') return '2100-01-01T00:00:00.000Z'
        return type === 'String' ? 'text' : {}
      },
      plainInputs,
    )
    for (const caller of ['ADMIN', 'PLAY', 'SESSION'] as const) {
      const told = await bed.ask(caller, `mutation ${variables} { ${text} }`, given)
      expect([field.name, caller, tracesOf(bed.other, told, JSON.stringify(given))]).toEqual([field.name, caller, []])
      const value = told.data?.[field.name]
      const codes =
        many && value
          ? (value as { error: { code: string } }[]).map(({ error }) => error.code)
          : beats && value
            ? [value].flat().map((one) => (one as { refusal: string }).refusal)
            : told.errors.map(({ extensions }) => extensions.code)
      // It names nothing of the other project, and makes a stream of one's own.
      if (field.name === 'createStream') continue
      if (codes.length !== 1 || !/^(NOT_FOUND|UNKNOWN|FORBIDDEN)$/.test(codes[0]!))
        wrong.push(`${field.name} by ${caller}: ${JSON.stringify(told)}`)
      if (caller === 'ADMIN' && codes[0] === 'FORBIDDEN') forbidden.push(field.name)
    }
  }
  expect(wrong).toEqual([])
  const after = await rowsOf(bed.other)
  expect(after).toEqual(before)
  // Those of the operator alone; all others looked for the thing and did not find it.
  expect(forbidden).toEqual(['createProject', 'drainMediaNode'])
})
