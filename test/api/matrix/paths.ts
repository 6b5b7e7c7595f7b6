import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { FullProject } from './project.ts'

/** One field on the way to a type; `on`: what its object has to be, where that could be another. */
export interface Step {
  parent: string
  field: GraphQLField<unknown, unknown>
  on: string
}

/** All object types but GraphQL's own. */
export function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  )
}

/** These first: what everybody may ask, so that the way itself refuses as few as can be. */
const preferred = ['project', 'stream', 'producer', 'consumer', 'reservation', 'streamHealth', 'streams']
/** Asked by themselves, of every kind of thing. */
const leftOut = ['node', 'nodes']

/** For every object type the shortest way to it: by a query, else by a subscription, else by a mutation. */
export function waysTo(schema: GraphQLSchema): Map<string, Step[]> {
  const ways = new Map<string, Step[]>()
  for (const root of [schema.getQueryType()!, schema.getSubscriptionType()!, schema.getMutationType()!]) {
    ways.set(root.name, [])
    const waiting: GraphQLObjectType[] = [root]
    for (let type = waiting.shift(); type; type = waiting.shift()) {
      const way = ways.get(type.name)!
      const isRoot = way.length === 0
      const rank = ({ name }: { name: string }) =>
        preferred.includes(name) ? preferred.indexOf(name) : preferred.length
      const fields = Object.values(type.getFields()).filter(({ name }) => !isRoot || !leftOut.includes(name))
      // Of Edges there are two ways to a node; the shorter one is a list of them.
      for (const field of fields.sort((a, b) => rank(a) - rank(b))) {
        const to = getNamedType(field.type)
        if (!isCompositeType(to)) continue
        for (const one of isAbstractType(to) ? schema.getPossibleTypes(to) : [to]) {
          if (ways.has(one.name) || !isObjectType(one)) continue
          ways.set(one.name, [...way, { parent: type.name, field, on: one.name }])
          waiting.push(one)
        }
      }
    }
  }
  return ways
}

export interface ArgumentSource {
  project: FullProject
  past: { from: string; time: string }
}

/** A literal for each argument that a field needs, of the project's own things; small pages and few points. */
export function argumentsFor(
  field: GraphQLField<unknown, unknown>,
  { project, past }: ArgumentSource,
  target = '',
): string {
  const { ids } = project
  const known: Record<string, string> = {
    ids: `["${target === 'ErrorDetail' ? ids.Stream!.replace(/.{4}$/, '0000') : ids.Stream}"]`,
    'openConsumer.input': `{ streamId: "${ids.Stream}", clientId: "${project.word}", protocol: HLS }`,
    'createApiKey.input': `{ name: "made", scopes: [READ] }`,
    'recordHeartbeat.consumerId': `"${ids.Consumer}"`,
    'events.after': '"0"',
    'streamHealth.after': '"0"',
  }
  const given = field.args.flatMap(({ name, type, defaultValue }) => {
    const place = known[`${field.name}.${name}`] ?? known[name]
    // The list of events has an `after` of another kind.
    const isPage = field.args.some((arg) => arg.name === 'first')
    if (name === 'first') return [`first: 2`]
    if (name === 'maxPoints') return ['maxPoints: 10']
    if (place && !isPage) return [`${name}: ${place}`]
    if (!isNonNullType(type) || defaultValue !== undefined || hasDefault(field, name)) return []
    if (name === 'from' || name === 'time') return [`${name}: "${past[name]}"`]
    if (name === 'id') return [`id: "${ids[getNamedType(field.type).name]}"`]
    if (name === 'streamId') return [`streamId: "${ids.Stream}"`]
    throw new Error(`no value for ${field.name}(${name}): say here which`)
  })
  return given.length > 0 ? `(${given.join(', ')})` : ''
}

function hasDefault(field: GraphQLField<unknown, unknown>, name: string): boolean {
  const arg = field.args.find((one) => one.name === name)!
  return (arg as { default?: unknown }).default !== undefined
}

/** A field at the end of a way, as an operation's root asks for it. */
export function selectionOf(
  steps: readonly Step[],
  last: GraphQLField<unknown, unknown>,
  source: ArgumentSource,
): string {
  const leaf = isCompositeType(getNamedType(last.type)) ? ' { __typename }' : ''
  const target = steps.at(-1)?.on ?? ''
  return steps.reduceRight(
    (inner, { field, on }) => {
      const isAbstract = isAbstractType(getNamedType(field.type))
      return `${field.name}${argumentsFor(field, source, target)} { ${isAbstract ? `__typename ... on ${on} { ${inner} }` : inner} }`
    },
    `${last.name}${argumentsFor(last, source, target)}${leaf}`,
  )
}
