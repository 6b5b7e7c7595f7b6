import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql'
import { builder } from './builder.ts'

function refuse(message: string): never {
  throw new GraphQLError(message)
}

function toDate(value: unknown): Date {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(value))
    refuse('DateTime must be an RFC 3339 time with its zone, e.g. 2026-01-31T12:00:00.000Z')
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? refuse(`DateTime: no such time`) : date
}

builder.scalarType('DateTime', {
  description: 'A time in RFC 3339, in UTC with milliseconds: 2026-01-31T12:00:00.000Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value.toISOString(),
  parseValue: toDate,
})

function toSafeInteger(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? value
    : refuse('BigInt must be an integer of at most 2^53 - 1')
}

builder.scalarType('BigInt', {
  description: 'An integer that may be larger than an Int, as a JSON number of at most 2^53 - 1.',
  serialize: (value) => {
    if (!Number.isSafeInteger(value)) throw new Error(`not an integer that JSON can carry: ${value}`)
    return value
  },
  parseValue: toSafeInteger,
  parseLiteral: (node) =>
    node.kind === Kind.INT ? toSafeInteger(Number(node.value)) : refuse('BigInt must be an integer'),
})

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

builder.scalarType('URL', {
  description: 'An absolute URL.',
  serialize: (value) => value,
  parseValue: (value) =>
    typeof value === 'string' && URL.canParse(value) ? value : refuse('URL must be an absolute URL'),
})
