import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../schema/index.ts'
import { newId } from '../../../src/ids.ts'
import type { ApiError } from '../../support/api.ts'
import { anyArguments, askFor } from '../../support/schema-values.ts'
import { type MatrixBed, openMatrixBed, type Told } from './bed.ts'
import { type ArgumentSource, argumentsFor, objectTypes, type Step, selectionOf, waysTo } from './paths.ts'
import { type CallerName, callerNames, lets, nodeVerdicts, type Verdict, verdicts } from './verdicts.ts'

const table = new Map<string, Verdict>()
const twice: string[] = []
for (const [type, rows] of Object.entries(verdicts))
  for (const [verdict, names] of Object.entries(rows))
    for (const name of names.split(' ')) {
      if (table.has(`${type}.${name}`)) twice.push(`${type}.${name}`)
      table.set(`${type}.${name}`, verdict as Verdict)
    }

const ways = waysTo(schema)
let bed: MatrixBed
beforeAll(async () => {
  bed = await openMatrixBed()
})
afterAll(() => bed.close())

test('the table names every field of the schema once, and no other', () => {
  const fields = objectTypes(schema).flatMap(({ name, getFields }) =>
    Object.keys(getFields.call(schema.getType(name))).map((field) => `${name}.${field}`),
  )
  expect(twice).toEqual([])
  expect([...table.keys()].sort()).toEqual(fields.sort())
  expect(Object.keys(nodeVerdicts).sort()).toEqual(
    schema
      .getPossibleTypes(schema.getType('Node') as never)
      .map(({ name }) => name)
      .sort(),
  )
})

const isLetIn = (caller: CallerName, verdict: Verdict) => lets[verdict].includes(caller)
const refusalOf = (caller: CallerName) => (caller.startsWith('NOBODY') ? 'UNAUTHENTICATED' : 'FORBIDDEN')
const isRefusal = ({ extensions }: ApiError) => extensions.code === 'UNAUTHENTICATED' || extensions.code === 'FORBIDDEN'

/** The path of an error without the places in lists. */
const placeOf = ({ path }: ApiError) => (path ?? []).filter((part) => typeof part === 'string').join('.')

/** What stands at the end of a path, the first of each list. */
function at(value: unknown, path: readonly string[]): unknown {
  const here = Array.isArray(value) ? value.find((one) => one !== null) : value
  const [name, ...rest] = path
  if (name === undefined || here === null || here === undefined) return here
  return at((here as Record<string, unknown>)[name], rest)
}

/** What is wrong with an answer for a caller; null: nothing. */
function wrongIn(
  caller: CallerName,
  { data, errors }: Told,
  steps: readonly Step[],
  field: string,
  alias: string,
): string | null {
  const asked = [
    ...steps.map((step) => ({ type: step.parent, name: step.field.name })),
    { type: steps.at(-1)?.on ?? '', name: field },
  ]
  // A root field has no way to it.
  if (steps.length === 0) asked[0]!.type = rootOf(steps, field)
  const path = [alias, ...asked.slice(1).map(({ name }) => name)]
  const refusedAt = asked.findIndex(({ type, name }) => !isLetIn(caller, table.get(`${type}.${name}`)!))
  const own = errors.filter((error) => error.path === undefined || error.path[0] === alias)
  const told = own.map((error) => `${error.extensions.code} at ${placeOf(error)}`).join(', ')
  if (refusedAt >= 0) {
    const place = path.slice(0, refusedAt + 1).join('.')
    const refused = own.some((error) => placeOf(error) === place && error.extensions.code === refusalOf(caller))
    if (!refused) return `is let in at ${place}: ${told || JSON.stringify(data)}`
    const value = at(data, path)
    return value === null || value === undefined ? null : `is told ${JSON.stringify(value)}`
  }
  if (own.some(isRefusal)) return `is refused: ${told}`
  if (own.length > 0) return `fails: ${told}`
  const parent = at(data, path.slice(0, -1))
  return parent === null || parent === undefined ? `was never asked: ${path.slice(0, -1).join('.')} is empty` : null
}

let currentRoot = 'Query'
const rootOf = (_steps: readonly Step[], _field: string) => currentRoot

const isUnder = (root: string) => (type: { name: string }) => {
  const way = ways.get(type.name)
  return type.name === root || way?.[0]?.parent === root
}

describe.each(callerNames)('%s', (caller) => {
  test('every field that a query reaches', { timeout: 60_000 }, async () => {
    currentRoot = 'Query'
    const source: ArgumentSource = { project: bed.projectOf(caller), past: bed.past }
    const cases = objectTypes(schema)
      .filter(isUnder('Query'))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ steps: ways.get(type.name)!, type, field })))
      .filter(({ type, field }) => type.name !== 'Query' || !field.name.startsWith('node'))
    const wrong: string[] = []
    const atOnce = 15
    for (let from = 0; from < cases.length; from += atOnce) {
      const some = cases.slice(from, from + atOnce)
      const selections = some.map(({ steps, field }, index) => `f${index}: ${selectionOf(steps, field, source)}`)
      const told = await bed.ask(caller, `{ ${selections.join('\n')} }`)
      for (const [index, { steps, type, field }] of some.entries()) {
        const fault = wrongIn(caller, told, steps, field.name, `f${index}`)
        if (fault) wrong.push(`${type.name}.${field.name} ${fault}`)
      }
    }
    expect(cases.length).toBeGreaterThan(200)
    expect(wrong).toEqual([])
  })

  test('node() and nodes() of every kind', async () => {
    const project = bed.projectOf(caller)
    for (const [kind, verdict] of Object.entries(nodeVerdicts)) {
      const { data, errors } = await bed.ask(
        caller,
        'query ($id: ID!) { node(id: $id) { __typename } nodes(ids: [$id]) { __typename } }',
        { id: project.ids[kind] },
      )
      const isOpen = isLetIn(caller, 'ANY')
      const isGiven = isOpen && isLetIn(caller, verdict)
      expect([kind, data?.node, (data?.nodes as unknown[] | null)?.[0] ?? null]).toEqual([
        kind,
        ...(isGiven ? [{ __typename: kind }, { __typename: kind }] : [null, null]),
      ])
      expect([kind, errors.map(({ extensions }) => extensions.code)]).toEqual([
        kind,
        isGiven ? [] : [refusalOf(caller), refusalOf(caller)],
      ])
    }
  })

  test('every mutation', { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    for (const field of Object.values(schema.getMutationType()!.getFields())) {
      const { variables, text } = askFor(field)
      const given = anyArguments(field.args, (type, place) => {
        if (type === 'ID') return newId(kindFor(field.name, place))
        if (type === 'Int' || type === 'Float' || type === 'BigInt') return 10
        if (type === 'Boolean') return true
        if (type === 'URL') return 'rtsp://camera.test/live'
        if (type === 'DateTime') return '2100-01-01T00:00:00.000Z'
        return type === 'String' ? 'text' : {}
      })
      const { errors } = await bed.ask(caller, `mutation ${variables} { ${text} }`, given)
      const codes = errors.filter(({ path }) => path?.length === 1).map(({ extensions }) => extensions.code)
      const isOpen = isLetIn(caller, table.get(`Mutation.${field.name}`)!)
      const isRefused = codes.length === 1 && codes[0] === refusalOf(caller)
      if (isOpen ? errors.some(isRefusal) : !isRefused) wrong.push(`${field.name}: ${JSON.stringify(errors)}`)
      if (codes.includes('INTERNAL')) wrong.push(`${field.name}: INTERNAL`)
    }
    expect(wrong).toEqual([])
  })

  test('every field of what a mutation answers with', { timeout: 60_000 }, async () => {
    const source: ArgumentSource = { project: bed.projectOf(caller), past: bed.past }
    const wrong: string[] = []
    for (const type of objectTypes(schema).filter(({ name }) => name !== 'Mutation' && isUnder('Mutation')({ name })))
      for (const field of Object.values(type.getFields())) {
        const steps = ways.get(type.name)!
        const told = await bed.ask(caller, `mutation { f: ${selectionOf(steps, field, source)} }`)
        const fault = wrongIn(caller, told, steps, field.name, 'f')
        if (fault) wrong.push(`${type.name}.${field.name} ${fault}`)
      }
    expect(wrong).toEqual([])
  })

  test('every subscription, and every field of its messages', { timeout: 60_000 }, async () => {
    currentRoot = 'Subscription'
    const source: ArgumentSource = { project: bed.projectOf(caller), past: bed.past }
    const wrong: string[] = []
    for (const field of Object.values(schema.getSubscriptionType()!.getFields())) {
      const id = field.name === 'node' ? `(id: "${source.project.ids.Stream}")` : argumentsFor(field, source)
      const told = await bed.watch(caller, `subscription { ${field.name}${id} { __typename } }`, () => true)
      const isOpen = isLetIn(caller, table.get(`Subscription.${field.name}`)!)
      const codes = told.at(-1)!.errors.map(({ extensions }) => extensions.code)
      if (isOpen ? codes.length > 0 : codes[0] !== refusalOf(caller))
        wrong.push(`${field.name}: ${JSON.stringify(told)}`)
    }
    for (const type of objectTypes(schema).filter(
      ({ name }) => name !== 'Subscription' && isUnder('Subscription')({ name }),
    ))
      for (const field of Object.values(type.getFields())) {
        const steps = ways.get(type.name)!
        const root = steps[0]!.field.name
        const told = await bed.watch(caller, `subscription { ${selectionOf(steps, field, source)} }`, (data) => {
          const message = data[root] as { __typename?: string }
          return message.__typename === undefined || message.__typename === steps[0]!.on
        })
        const fault = wrongIn(caller, told.at(-1)!, steps, field.name, root)
        if (fault) wrong.push(`${type.name}.${field.name} ${fault}`)
      }
    expect(wrong).toEqual([])
  })
})

function kindFor(mutation: string, place: string) {
  if (/stream/i.test(place) || /Stream/.test(mutation)) return 'Stream'
  if (/Producer/.test(mutation)) return 'Producer'
  if (/Reservation/.test(mutation) || /reservation/.test(place)) return 'Reservation'
  if (/Project/.test(mutation) || /project/.test(place)) return 'Project'
  if (/Key/.test(mutation)) return 'ApiKey'
  if (/MediaNode/.test(mutation)) return 'MediaNode'
  return 'Consumer'
}
