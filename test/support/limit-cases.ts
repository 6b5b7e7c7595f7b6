import { getNamedType, isLeafType, isObjectType, isRequiredArgument } from 'graphql'
import { schema } from '../../schema/index.ts'
import type { LimitName } from '../../src/http/graphql-limits.ts'

/** What is sent: over HTTP as the body, over WebSocket as the payload. */
export interface Sent {
  query: string
  operationName?: string
  variables?: Record<string, unknown>
}

/** `count` pieces of a document. */
export function times(count: number, make: (n: number) => string, between = ' '): string {
  return Array.from({ length: count }, (_, n) => make(n)).join(between)
}

const stream = 'stream_01h455vb4pex5vsknk084sn02q'
const include = '@include(if: true)'

/** Fields of Stream that have none below them and need no arguments. */
const streamType = schema.getType('Stream')
if (!isObjectType(streamType)) throw new Error('Stream is no object type')
const leaves = Object.values(streamType.getFields())
  .filter(({ type, args }) => isLeafType(getNamedType(type)) && !args.some(isRequiredArgument))
  .map(({ name }) => name)

/** Streams with all their leaves, and those of the streams of their producers. */
function fields(count: number): string {
  let left = count
  const nodes: string[] = []
  while (left > 0) {
    left -= 1
    const inner = (levels: number): string => {
      const asked = leaves.slice(0, Math.max(1, left))
      left -= asked.length
      if (levels === 0 || left < 4) return asked.join(' ')
      left -= 3
      return `${asked.join(' ')} producers(first: 1) { nodes { stream { ${inner(levels - 1)} } } }`
    }
    nodes.push(`a${nodes.length}: node(id: "${stream}") { ... on Stream { ${inner(2)} } }`)
  }
  return nodes.join(' ')
}

/** Streams of producers of streams …: as many fields inside each other. */
function depth(count: number): string {
  const chain = ['nodes', 'producers(first: 1)', 'nodes', 'stream', 'producers(first: 1)']
  const wraps = ['streams(first: 1)', 'nodes', ...times(count, (n) => chain.slice(1, 4)[n % 3]!, '|').split('|')].slice(
    0,
    count - 1,
  )
  const leaf = /first/.test(wraps.at(-1)!) ? 'totalCount' : 'id'
  return `{ ${wraps.join(' { ')} { ${leaf} ${'} '.repeat(count)}`
}

/** For each limit what has exactly as much as is said; good or bad in other regards, which comes later. */
export const limitCases: Record<LimitName, (count: number) => Sent> = {
  characters: (count) => ({ query: '{ viewer { scopes } } #'.padEnd(count, 'x') }),
  tokens: (count) => ({ query: `{ nodes(ids: [${'"x" '.repeat(count - 12)}]) { id } }` }),
  brackets: (count) => ({ query: `{ viewer ${'{ ... '.repeat(count - 2)} { scopes } ${'} '.repeat(count - 2)} }` }),
  operations: (count) => ({ query: times(count, (n) => `query q${n} { viewer { scopes } }`), operationName: 'q0' }),
  fragments: (count) => ({
    query: `{ ...f1 } ${times(count - 1, (n) => `fragment f${n + 1} on Query { ...f${n + 2} }`)} fragment f${count} on Query { viewer { scopes } }`,
  }),
  spreads: (count) => ({
    query: `{ ${times(5, (n) => `a${n}: viewer { scopes ${times(Math.max(0, Math.min(25, count - n * 25)), (m) => `...f${m}`)} }`)} }
      ${times(25, (n) => `fragment f${n} on Viewer { scopes }`)}`,
  }),
  depth: (count) => ({ query: depth(count) }),
  introspectionDepth: (count) => ({
    query: `{ __type(name: "ID") ${'{ ofType '.repeat(count - 2)} { name } ${'} '.repeat(count - 2)} }`,
  }),
  fields: (count) => ({ query: `{ ${fields(count)} }` }),
  queryFields: (count) => ({
    query: `{ viewer { scopes } streams(first: 1) { totalCount } mediaNodes { id } ${times(count - 3, (n) => `a${n}: viewer { scopes }`)} }`,
  }),
  mutationFields: (count) => ({
    query: `mutation { ${times(count, (n) => `a${n}: stopStream(id: "${stream}") { id }`)} }`,
  }),
  aliases: (count) => ({ query: `{ viewer { ${times(count, (n) => `a${n}: scopes`)} } }` }),
  repeatedFields: (count) => ({ query: `{ viewer { scopes ${'scopes '.repeat(count)} } }` }),
  directives: (count) => ({ query: `{ viewer { ${times(count, (n) => `a${n}: scopes ${include}`)} } }` }),
  directivesOfNode: (count) => ({ query: `{ viewer { scopes ${times(count, () => include)} } }` }),
  variableDefinitions: (count) => ({
    query: `query (${times(count, (n) => `$v${n}: ID = "x"`)}) { nodes(ids: [${times(count, (n) => `$v${n}`)}]) { id } }`,
  }),
  variablesBytes: (count) => ({
    query: 'query ($id: ID!) { node(id: $id) { id } }',
    variables: { id: 'x'.repeat(count - 8 - 2) },
  }),
  variablesDepth: (count) => {
    let id: unknown = 'x'
    for (let n = 1; n < count; n++) id = [id]
    return { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id } }
  },
}
