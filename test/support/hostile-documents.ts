import { type LimitName, limits } from '../../src/http/graphql-limits.ts'
import { limitCases, type Sent, times } from './limit-cases.ts'

const bomb = (count: number, inner: (next: string) => string, last: string) =>
  `${times(count, (n) => `fragment f${n} on Query { ${inner(`f${n + 1}`)} }`)} fragment f${count} on Query { ${last} }`
const nested = (count: number, open: string, inner: string, close: string) =>
  `${open.repeat(count)}${inner}${close.repeat(count)}`

const documents: Record<string, string> = {
  'selections, 2,400 deep': nested(2400, '{a', '', '}'),
  'selections that do not end': '{a'.repeat(4000),
  'lists, 2,400 deep': `{ nodes(ids: ${nested(2400, '[', '"x"', ']')}) { id } }`,
  'lists that do not end': `{ nodes(ids: ${'['.repeat(4900)}`,
  'objects, 1,600 deep': `{ streams(filter: ${nested(1600, '{ name: ', '1', '}')}) { totalCount } }`,
  'types, 2,400 deep': `query ($a: ${nested(2400, '[', 'ID', ']')}) { nodes(ids: $a) { id } }`,
  'brackets that close before they open': `${'}'.repeat(4900)}`,
  'fragments without a name, 1,600 deep': `{ ${nested(1600, '... {', '__typename', '}')} }`,
  'a bomb of 2^29 fields': `{ ...f0 } ${bomb(29, (next) => `viewer { scopes } ... { ...${next} } ... on Query { ...${next} }`, 'viewer { scopes }')}`,
  'a bomb of 2^1000 spreads': `{ ...f0 } ${bomb(300, (next) => `...${next} ...${next}`, 'viewer { scopes }')}`,
  'a bomb behind aliases': `{ ...f0 } ${bomb(28, (next) => `a: node(id: "x") { ... on Query { ...${next} } } b: node(id: "x") { ... on Query { ...${next} } }`, 'viewer { scopes }')}`,
  'a fragment that spreads itself': '{ ...a } fragment a on Query { ...a }',
  'a circle of 30 fragments': `{ ...f0 } ${times(30, (n) => `fragment f${n} on Query { viewer { scopes } ...f${(n + 1) % 30} }`)}`,
  'a circle below a field':
    '{ streams { nodes { ...a } } } fragment a on Stream { producers { nodes { stream { ...a } } } }',
  'fragments of one name': `{ ...a } ${times(1000, () => 'fragment a on Query { viewer { scopes } }')}`,
  'fragments that spread each other, all': `{ ...f0 } ${times(30, (n) => `fragment f${n} on Query { ${times(30, (m) => `...f${m}`)} }`)}`,
  'fragments that nothing spreads': `{ viewer { scopes } } ${times(500, (n) => `fragment f${n} on Query { viewer { scopes } }`)}`,
  'a fragment that is called __schema': `{ ...__schema } fragment __schema on Query { ${times(200, (n) => `a${n}: viewer { scopes }`)} }`,
  'an operation that is called __schema': `query __schema { ${times(200, (n) => `a${n}: viewer { scopes }`)} }`,
  'an alias that is called __schema': `{ __schema: streams(first: 100) { nodes { producers(first: 100) { nodes { stream { producers(first: 100) { totalCount } } } } } } }`,
  'operations, 800': times(800, (n) => `query q${n} { viewer { scopes } }`),
  'operations of one name': times(500, () => 'query a { viewer { scopes } }'),
  'operations without a name': times(500, () => '{ viewer { scopes } }'),
  'the same field, 4,900 times': `{ ${'__typename '.repeat(4900)} }`,
  'the same field with arguments of its own': `{ ${times(600, (n) => `streams(first: ${n}) { totalCount }`)} }`,
  'the same field with fields below': `{ ${'viewer { scopes } '.repeat(1200)} }`,
  'the same alias for many fields': `{ viewer { ${times(1000, () => 'a: scopes a: projectId')} } }`,
  'overlapping fields in fragments': `{ streams { nodes { ${times(30, (n) => `...f${n}`)} } } } ${times(30, (n) => `fragment f${n} on Stream { ${times(30, (m) => `a: producers(first: ${n + m}) { totalCount }`)} }`)}`,
  'aliases, 1,600': `{ ${times(1600, (n) => `a${n}: __typename`)} }`,
  'directives, 800': `{ __typename ${'@skip(if: true) '.repeat(800)} }`,
  'unknown directives, 1,200': `{ __typename ${'@a '.repeat(1200)} }`,
  'directives on an operation': `query ${'@a '.repeat(1200)} { __typename }`,
  'directives on a variable': `query ($a: Int ${'@a '.repeat(1200)}) { __typename }`,
  'variables, 1,200': `query (${times(1200, (n) => `$v${n}: Int`)}) { __typename }`,
  'one variable, 1,200 times': `query (${times(1200, () => '$v: Int')}) { __typename }`,
  'variables that nobody declares': `{ nodes(ids: [${times(2000, (n) => `$v${n}`)}]) { id } }`,
  'arguments, 1,600': `{ streams(${times(1600, (n) => `a${n}: 1`)}) { totalCount } }`,
  'one argument, 1,600 times': `{ streams(${'first: 1 '.repeat(1600)}) { totalCount } }`,
  'one input field, 1,600 times': `{ streams(filter: { ${'name: "x" '.repeat(1600)} }) { totalCount } }`,
  'unknown fields, 4,900': `{ ${times(4900, (n) => `streem${n}`)} }`,
  'unknown types, 900': `{ ${times(900, (n) => `... on Streem${n} { id }`)} }`,
  'a name of 60,000 characters': `{ ${'a'.repeat(60_000)} }`,
  'text of 60,000 characters': `{ node(id: "${'x'.repeat(60_000)}") { id } }`,
  'text that does not end': `{ node(id: "${'x'.repeat(60_000)}`,
  'block text of indented lines': `{ node(id: """${'\n                    x'.repeat(2500)}""") { id } }`,
  'escapes, 8,000': `{ node(id: "${'\\u0041'.repeat(8000)}") { id } }`,
  'a number of 60,000 digits': `{ streams(first: ${'9'.repeat(60_000)}) { totalCount } }`,
  'commas and comments': `{ viewer { scopes } } ${',\n#x\n'.repeat(10_000)}`,
  'pages of 100, five levels':
    '{ streams(first: 100) { nodes { producers(first: 100) { nodes { stream { producers(first: 100) { nodes { stream { id } } } } } } } } }',
  'a page of a thousand million': '{ streams(first: 1000000000) { nodes { id } } }',
  'circular introspection': `{ __schema { types ${nested(6, '{ fields { type', '{ name }', '} }')} } }`,
  'a definition of a schema': times(800, (n) => `type T${n} { a: Int }`),
  'mutations, 500': `mutation { ${times(500, (n) => `a${n}: startStream(id: "stream_01h455vb4pex5vsknk084sn02q") { id }`)} }`,
  'subscriptions, 30': `subscription { ${times(30, (n) => `a${n}: streams { reset }`)} }`,
}

/** Sent to hold the server up. */
export const hostileDocuments: [string, Sent][] = [
  ...Object.entries(documents).map(([name, query]): [string, Sent] => [name, { query }]),
  ...(Object.keys(limits) as LimitName[]).map((name): [string, Sent] => {
    const count = Math.min(limits[name].max * 20, name === 'characters' ? 900_000 : 60_000)
    return [`${name}, ${count}`, limitCases[name](count)]
  }),
]
