import { readFileSync } from 'node:fs'
import { isNonNullType, isObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { accessOf } from '../../schema/access.ts'
import { builder } from '../../schema/builder.ts'
import { schema } from '../../schema/index.ts'
import { generateAll, isCurrent } from '../../scripts/codegen.ts'
import { idPrefixes } from '../../src/ids.ts'

test('the printed schema and the typed documents that are checked in are current', async () => {
  const files = await generateAll()
  expect(files.map(({ path }) => path)).toContain('schema/schema.graphql')
  expect(files.map(({ path }) => path)).toContain('src/client/generated/graphql.ts')
  const stale = []
  for (const file of files) if (!(await isCurrent(file))) stale.push(file.path)
  expect(stale, 'run npm run codegen').toEqual([])
})

const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
const fields = objects.flatMap((type) =>
  isObjectType(type)
    ? Object.values(type.getFields()).map((field) => ({ type: type.name, name: field.name, field }))
    : [],
)

describe('null is honest', () => {
  test('roots are nullable, so that one that fails leaves the others', () => {
    const roots = fields.filter(({ type }) => type === 'Query' || type === 'Mutation')
    expect(roots.length).toBeGreaterThan(20)
    expect(roots.filter(({ field }) => isNonNullType(field.type)).map(({ name }) => name)).toEqual([])
  })

  test('edges and their nodes are nullable', () => {
    for (const { type, name, field } of fields) {
      if (type.endsWith('Edge') && name === 'node') expect(String(field.type)).toMatch(/^\w+$/)
      if (type.endsWith('Connection') && ['edges', 'nodes'].includes(name))
        expect(String(field.type)).toMatch(/^\[\w+\]!$/)
    }
  })

  test('a field that asks for more than its type is nullable, so that a refusal blanks it alone', () => {
    const open = new Set(fields.filter(({ type, name }) => accessOf(type, name) === 'PUBLIC').map(({ type }) => type))
    // Of an operation of its own, which has no other field.
    open.delete('Subscription')
    const wrong = fields.filter(
      ({ type, name, field }) => open.has(type) && accessOf(type, name) !== 'PUBLIC' && isNonNullType(field.type),
    )
    expect(wrong.map(({ type, name }) => `${type}.${name}`)).toEqual([])
  })
})

test('every type with an id of its own has a published prefix, which names it', () => {
  const nodes = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name)
  expect(nodes.length).toBeGreaterThan(0)
  expect(Object.keys(idPrefixes)).toEqual(expect.arrayContaining([...nodes]))
})

/** Mutations that ask for something else than WRITE. None is open to all. */
const mutationsOfOthers: Record<string, string> = {
  drainMediaNode: 'ADMIN',
  createProject: 'ADMIN',
  updateProject: 'ADMIN',
  createApiKey: 'ADMIN',
  revokeApiKey: 'ADMIN',
  createReservation: 'PLAYER',
  releaseReservation: 'PLAYER',
  extendReservation: 'PLAYER',
  openConsumer: 'PLAYER',
  reopenConsumer: 'SESSION',
  consume: 'SESSION',
  connectConsumer: 'SESSION',
  resumeConsumer: 'SESSION',
  pauseConsumer: 'SESSION',
  restartConsumerIce: 'SESSION',
  recordHeartbeat: 'SESSION',
  recordHeartbeats: 'PLAYER',
  closeConsumer: 'SESSION_OR_WRITE',
}

test('every mutation needs WRITE or what is named here, and nothing is public that is not named so', () => {
  for (const name of Object.keys(schema.getMutationType()!.getFields()))
    expect(accessOf('Mutation', name)).toBe(mutationsOfOthers[name] ?? 'WRITE')
  expect(accessOf('Stream', 'aFieldOfTomorrow')).toBe('READ')
  expect(accessOf('Query', 'aRootOfTomorrow')).toBe('READ')
})

test('what is refused is audited, and reaches no plugin that reads the database', () => {
  expect(builder.options.plugins).toEqual(['audit', 'access', 'relay', 'drizzle'])
})

test('units are in the names of figures', () => {
  const unnamed = fields.filter(
    ({ name, field }) =>
      /^(uptime|memory|cpu|bitrate|jitter|keyframeInterval)/.test(name) &&
      !/(Seconds|Bytes|Percent|Bps|Ms)$/.test(name) &&
      !isObjectType(field.type),
  )
  expect(unnamed.map(({ type, name }) => `${type}.${name}`)).toEqual([])
})

test('the schema and what it imports do without Node.js', () => {
  const seen = new Set<string>()
  const found: string[] = []
  const visit = (url: URL) => {
    if (seen.has(url.href)) return
    seen.add(url.href)
    for (const [, name] of readFileSync(url, 'utf8').matchAll(/^(?:import|export)[^'\n]*?(?:from )?'([^']+)'/gm)) {
      if (name!.startsWith('node:')) found.push(`${url.pathname}: ${name}`)
      if (name!.startsWith('.')) visit(new URL(name!, url))
    }
  }
  visit(new URL('../../schema/index.ts', import.meta.url))
  visit(new URL('../../src/http/graphql.ts', import.meta.url))
  expect(seen.size).toBeGreaterThan(30)
  expect(found).toEqual([])
})
