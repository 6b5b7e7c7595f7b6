import { buildSchema, parse } from 'graphql'
import { expect, it } from 'vitest'
import { endpointOf } from '../../src/http/graphql-endpoint.ts'

const schema = buildSchema(`
  type Query { stream(id: ID!): Stream streams: [Stream] }
  type Stream { id: ID! streams: [Stream] }
  type Mutation { createStream: Stream }
  type Subscription { streamChanged: Stream }
`)

it.each([
  ['{ streams { id } }', 'streams'],
  ['{ alias: streams { id } }', 'streams'],
  ['{ __typename stream(id: 1) { id } streams { id } }', 'stream'],
  ['mutation { createStream { id } }', 'createStream'],
  ['subscription { streamChanged { id } }', 'streamChanged'],
  ['{ ... on Query { streams { id } } }', 'streams'],
  ['{ ...A } fragment A on Query { ...B } fragment B on Query { stream(id: 1) { id } }', 'stream'],
  ['{ ...A } fragment A on Query { ...B ...A } fragment B on Query { ...A }', 'other'],
  ['{ __schema { types { name } } }', 'other'],
  ['{ nothing_like_it_12345 }', 'other'],
  ['{ constructor }', 'other'],
  ['mutation { streams { id } }', 'other'],
  ['query A { streams { id } } query B { stream(id: 1) { id } }', 'other'],
  ['fragment A on Query { streams { id } }', 'other'],
  ['{ ...Missing }', 'other'],
])('%s is %s', (document, endpoint) => {
  expect(endpointOf(parse(document), null, schema)).toBe(endpoint)
})

it('takes the operation of the name', () => {
  const document = parse('query A { streams { id } } query B { stream(id: 1) { id } }')
  expect(endpointOf(document, 'B', schema)).toBe('stream')
  expect(endpointOf(document, 'C', schema)).toBe('other')
})
