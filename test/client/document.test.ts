import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { buildSchema, Kind, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { passes, readMessage, resumable } from '../../src/client/cursor.ts'
import { operationOf, textOf } from '../../src/client/document.ts'
import { isSafeToRepeat } from '../../src/client/retry.ts'

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))

/** Things between the parts that mean nothing, and strings that look like parts. */
const noise = fc.constantFrom(' ', '\n', ' # after: "1" { } (\n', ',', '\t ')
const subscription = fc
  .record({
    name: fc.constantFrom('', ' Log'),
    alias: fc.constantFrom('', 'log: '),
    filter: fc.constantFrom(
      '',
      'filter: { types: ["a){", "\\"}"] }',
      'filter: { types: ["""a " } ("""] }',
      'filter: $filter',
    ),
    after: fc.constantFrom('', 'after: $from', 'after: "12"', 'after: null'),
    fields: fc.constantFrom('__typename', '... on Event { id data }', '...E ... on Gap { missed cursor }'),
    gaps: fc.array(noise, { minLength: 8, maxLength: 8 }),
    fragmentFirst: fc.boolean(),
  })
  .map(({ name, alias, filter, after, fields, gaps, fragmentFirst }) => {
    const variables = [filter.includes('$') ? '$filter: EventFilter' : '', after.includes('$') ? '$from: String' : '']
    const declared = variables.join(' ').trim()
    const given = [filter, after].join(' ').trim()
    const [a, b, c, d, e, f, g, h] = gaps
    const operation = `${a}subscription${name}${b}${declared && `(${declared})`}${c}{${d}${alias}events${e}${given && `(${given})`}${f}{${fields}${g}}${h}}`
    const fragment = fields.includes('...E') ? 'fragment E on Event { cursor }' : ''
    return { text: fragmentFirst ? `${fragment} ${operation}` : `${operation} ${fragment}`, after }
  })

describe('a subscription of the log', () => {
  test('is made so that it goes on after a cursor, whatever it looks like', () => {
    fc.assert(
      fc.property(subscription, ({ text, after }) => {
        expect(validate(schema, parse(text))).toEqual([])
        const made = resumable(text)!
        const tree = parse(made.text)
        expect(validate(schema, tree)).toEqual([])
        expect(made.begin).toBe(after === 'after: "12"' ? '12' : null)
        const operation = tree.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)!
        const field = operation.selectionSet.selections[0]!
        const argument = field.kind === Kind.FIELD && field.arguments!.find(({ name }) => name.value === 'after')
        expect(argument ? argument.value : null).toMatchObject({ kind: Kind.VARIABLE, name: { value: made.variable } })
      }),
    )
  })

  test('the fields of streamHealth are marked too; state is left as it is', () => {
    const health = 'subscription($id: ID!) { streamHealth(streamId: $id) { ... on HealthChange { status } } }'
    expect(validate(schema, parse(resumable(health)!.text))).toEqual([])
    expect(resumable('subscription { streams { cursor } }')).toBeNull()
    expect(resumable('query { events { nodes { id } } }')).toBeNull()
  })

  test('the caller sees nothing of the marks', () => {
    const seen = readMessage({ log: { weirType: 'Event', weirCursor: '7', id: 'event_1' } })
    expect(seen).toEqual({ data: { log: { id: 'event_1' } }, type: 'Event', cursor: '7' })
    expect(passes(seen, '6')).toBe(true)
    expect(passes(seen, '7')).toBe(false)
    expect(passes({ data: {}, type: 'Gap', cursor: '7' }, '7')).toBe(true)
  })
})

describe('what may be asked twice', () => {
  test.each([
    ['{ viewer { scopes } }', {}, true],
    ['query Q($id: ID!) { a: stream(id: $id) { id } }', {}, true],
    ['mutation { startStream(id: "x") { id } }', {}, false],
    ['mutation($key: String) { createStream(input: { name: "(" }, idempotencyKey: $key) { id } }', { key: 'k' }, true],
    [
      'mutation($key: String) { createStream(input: { name: "(" }, idempotencyKey: $key) { id } }',
      { key: null },
      false,
    ],
    ['mutation { createStream(idempotencyKey: "k", input: {}) { id } }', {}, true],
    ['mutation { a: createStream(idempotencyKey: "k") { id } stopStream(id: "x") { id } }', {}, false],
    ['nonsense', {}, false],
  ])('%s %j: %s', (text, variables, safe) => {
    expect(isSafeToRepeat(operationOf(text), variables)).toBe(safe)
  })
})

test('a document is a text, a string of codegen, or a tree with its text or a printer', () => {
  const text = 'query { viewer { scopes } }'
  expect(textOf(text)).toBe(text)
  expect(textOf(Object.assign(new String(text), {}) as never)).toBe(text)
  expect(textOf(parse(text) as never)).toBe(text)
  expect(() => textOf(parse(text, { noLocation: true }) as never)).toThrow(TypeError)
  expect(textOf(parse(text, { noLocation: true }) as never, () => 'printed')).toBe('printed')
})
