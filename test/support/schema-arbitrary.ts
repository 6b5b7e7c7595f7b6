import fc from 'fast-check'
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'

/** An operation with its variables, as a client sends them. */
export interface GeneratedOperation {
  field: string
  query: string
  variables: Record<string, unknown>
}

/** Strings that have broken programs before, among ordinary ones. */
const texts = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\udc00x',
      '\ufeff',
      '\u202e',
      'x'.repeat(10_000),
      '-i',
      '--help',
      '%00',
      '\r\nX: y',
    ],
    ...[
      "' or 1=1 --",
      '$$',
      '%{jndi:ldap://x}',
      '{{7*7}}',
      '<script>',
      '__proto__',
      'constructor',
      'null',
      '../../etc/passwd',
      '*',
      '∞',
    ],
  ),
)

const urls = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('rtsp://192.0.2.1:554/live', 'http://192.0.2.1/a.m3u8', 'srt://192.0.2.1:9000'),
  },
  fc.webUrl(),
  fc.constantFrom(
    ...[
      'rtsp://',
      'rtsp://[::1',
      'rtsp://a:b@c@d/e',
      'srt://x:99999',
      'http://\u0000/',
      'file:///etc/passwd',
      'rtsp://host:0/',
      'javascript:alert(1)',
    ],
    ...[
      'rtsp://user:p%40ss@host/%ff',
      'http://0x7f000001/',
      'http://127.1/',
      'rtmp://h/a/b?c=d#e',
      'concat:a|b',
      `http://${'a.'.repeat(300)}com/`,
    ],
  ),
  texts,
)

const numbers = fc.constantFrom(0, -1, 1, 2, 3, 5, 10, 16, 25, 60, 100, 320, 1001, 2147483647, -2147483648)
const wrongNumbers = fc.constantFrom(1.5, 2147483648, -1e21, Number.MAX_VALUE)
const day = 86_400_000
const dates = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.integer({ min: -9 * day, max: day }).map((ago) => new Date(Date.now() + ago).toISOString()),
  },
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-02-30T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    '-000001-01-01T00:00:00Z',
    'now',
    'infinity',
    '1',
  ),
)
const anything = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>

/** One value of a type: mostly of its shape, now and then of another. `ids`: those that there are. */
function valuesOf(type: GraphQLInputType, ids: readonly string[], depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return fc.oneof({ weight: 200, arbitrary: present(type.ofType, ids, depth) }, anything)
  const absent = { weight: 1, arbitrary: fc.constant(null) }
  return fc.oneof({ weight: 3, arbitrary: present(type, ids, depth) }, absent)
}

function present(type: GraphQLInputType, ids: readonly string[], depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return present(type.ofType, ids, depth)
  if (isListType(type)) return fc.array(valuesOf(type.ofType, ids, depth - 1), { maxLength: depth > 0 ? 3 : 0 })
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name))
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const record = fc.record(
      Object.fromEntries(fields.map((field) => [field.name, valuesOf(field.type, ids, depth - 1)])),
      {
        requiredKeys: fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name),
      },
    )
    // One of several may be given: most inputs that are full are refused for that alone.
    return record.chain((value) =>
      fc
        .subarray(Object.keys(value))
        .map((left) =>
          Object.fromEntries(
            Object.entries(value).filter(
              ([name]) => !left.includes(name) || isNonNullType(type.getFields()[name]!.type),
            ),
          ),
        ),
    )
  }
  switch (getNamedType(type).name) {
    case 'ID':
      return ids.length > 0 ? fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...ids) }, texts) : texts
    case 'Int':
    case 'BigInt':
      return fc.oneof({ weight: 60, arbitrary: numbers }, wrongNumbers)
    case 'Float':
      return fc.oneof(numbers, wrongNumbers)
    case 'Boolean':
      return fc.boolean()
    case 'DateTime':
      return dates
    case 'URL':
      return urls
    case 'String':
      return texts
    default:
      return anything
  }
}

/** Operations of one root field, whose arguments are generated from the schema. */
export function operationsOf(
  schema: GraphQLSchema,
  root: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  ids: readonly string[],
): fc.Arbitrary<GeneratedOperation> {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ')
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  const type = getNamedType(field.type)
  const selection = isCompositeType(type) ? ' { __typename }' : ''
  const query = `${root}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`}${selection} }`
  if (!schema.getType(type.name)) throw new Error(`${type.name} is not of this schema`)
  return fc
    .record(Object.fromEntries(field.args.map((argument) => [argument.name, valuesOf(argument.type, ids, 4)])))
    .map((variables) => ({ field: field.name, query, variables }))
}
