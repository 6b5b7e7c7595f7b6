import { readFileSync } from 'node:fs'
import { getIntrospectionQuery, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../schema/index.ts'
import * as generated from '../../src/client/generated/graphql.ts'
import { type LimitName, limits } from '../../src/http/graphql-limits.ts'
import { excessOfDocument, excessOfText } from '../../src/http/graphql-measure.ts'
import { excessOfVariables } from '../../src/http/graphql-variables.ts'
import { limitCases, type Sent, times } from '../support/limit-cases.ts'

const names = Object.keys(limits) as LimitName[]

function excess({ query, variables }: Sent) {
  return excessOfVariables(variables) ?? excessOfText(query) ?? excessOfDocument(parse(query))
}

describe.each(names)('%s', (name) => {
  const { max } = limits[name]

  test('as many as are allowed', () => expect(excess(limitCases[name](max))).toBeNull())
  test('one more', () => expect(excess(limitCases[name](max + 1))).toEqual({ limit: name, needed: max + 1 }))
})

describe('what honest clients send passes', () => {
  const documents = Object.entries(generated).flatMap(([name, value]) =>
    value instanceof generated.TypedDocumentString ? [[name, String(value)] as const] : [],
  )
  test('there are such documents', () => expect(documents.length).toBeGreaterThan(10))
  test.each(documents)('%s', (_, query) => expect(excess({ query })).toBeNull())

  const page = readFileSync(new URL('../../src/dashboard/operations.ts', import.meta.url), 'utf8')
  const ofPage = [...page.matchAll(/GraphQL \*\/ `([^`]+)`/g)].map(([, text]) => text!)
  test('the page has documents', () => expect(ofPage.length).toBeGreaterThan(5))
  test.each(ofPage)('%s', (query) => expect(excess({ query })).toBeNull())

  test.each([
    ['plain', {}],
    [
      'whole',
      {
        schemaDescription: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        inputValueDeprecation: true,
        oneOf: true,
      },
    ],
  ])('introspection of GraphiQL and code generators, %s', (_, options) => {
    const query = getIntrospectionQuery(options)
    expect(excess({ query })).toBeNull()
    expect(validate(schema, parse(query))).toEqual([])
  })
})

describe('no way round by names, fragments or where something stands', () => {
  const aliases = (count: number) => times(count, (n) => `a${n}: scopes`)
  test.each([
    ['aliases of __typename', `{ ${times(101, (n) => `a${n}: __typename`)} }`, 'aliases'],
    ['in a fragment', `{ viewer { ...f } } fragment f on Viewer { ${aliases(31)} }`, 'aliases'],
    [
      'in a fragment that is called __schema',
      `{ viewer { ...__schema } } fragment __schema on Viewer { ${aliases(31)} }`,
      'aliases',
    ],
    ['in an operation that is called __schema', `query __schema { viewer { ${aliases(31)} } }`, 'aliases'],
    [
      'in an operation that is not run',
      `query a { viewer { scopes } } query b { viewer { ${aliases(31)} } }`,
      'aliases',
    ],
    ['in a fragment that nothing spreads', `{ viewer { scopes } } fragment f on Viewer { ${aliases(31)} }`, 'aliases'],
    [
      'in the first of two fragments of a name',
      `{ viewer { ...f } } fragment f on Viewer { ${aliases(31)} } fragment f on Viewer { scopes }`,
      'aliases',
    ],
    [
      'by one fragment, often',
      `{ ${times(16, (n) => `x${n}: viewer { ...f }`)} } fragment f on Viewer { a: scopes }`,
      'aliases',
    ],
    ['below introspection', `{ __schema { ${aliases(31)} } }`, 'aliases'],
    ['repeated in fragments without a name', `{ viewer { ${'... { scopes } '.repeat(12)} } }`, 'repeatedFields'],
    ['repeated spreads', `{ viewer { ${'...f '.repeat(12)} } } fragment f on Viewer { scopes }`, 'repeatedFields'],
    [
      'mutations in a fragment',
      `mutation { ...f } fragment f on Mutation { ${times(11, (n) => `a${n}: stopStream(id: "x") { id }`)} }`,
      'mutationFields',
    ],
    [
      'levels in fragments',
      `{ streams { nodes { ...a } } } fragment a on Stream { producers { nodes { stream { ...b } } } }
      fragment b on Stream { producers { nodes { stream { ...c } } } } fragment c on Stream { producers { nodes { stream { ...d } } } } fragment d on Stream { producers { totalCount } }`,
      'depth',
    ],
    ['levels below an alias of __schema', limitCases.depth(13).query.replace('streams', '__schema: streams'), 'depth'],
    [
      'a bomb',
      `{ ...f0 } ${times(29, (n) => `fragment f${n} on Query { x: viewer { scopes } ...f${n + 1} a: node(id: "x") { ... on Query { ...f${n + 1} } } }`)} fragment f29 on Query { viewer { scopes } }`,
      'aliases',
    ],
    [
      'a bomb that is flat',
      `{ ...f0 } ${times(25, (n) => `fragment f${n} on Query { ... { ...f${n + 1} } ... on Query { ...f${n + 1} } }`)} fragment f25 on Query { viewer { scopes } }`,
      'fields',
    ],
  ] as const)('%s', (_, query, limit) => {
    expect(excess({ query })?.limit).toBe(limit)
  })

  test('circles end, and are left to validation', () => {
    for (const query of [
      '{ ...a } fragment a on Query { ...a viewer { scopes } }',
      '{ ...a } fragment a on Query { ...b } fragment b on Query { viewer { scopes } ...a }',
      '{ viewer { ...a } } fragment a on Viewer { scopes ... { ...a } }',
    ])
      expect(excess({ query })).toBeNull()
  })
})
