import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'

/** What stands in the variables of an operation that was made from the schema. */
export interface Fillings {
  /** For a field or argument of this name and type (as the schema writes it, without !); undefined leaves it to the type. */
  byName(name: string, type: string): unknown
  text(): string
}

export interface RootOperation {
  kind: 'query' | 'mutation' | 'subscription'
  field: string
  query: string
  /** With everything that may be given, or with what has to be given alone. */
  variables(fillings: Fillings, everything: boolean): Record<string, unknown>
}

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))
/** How far the selections go; deeper ones cost more than a caller may spend. */
const depth = 2

/** One operation for each field of Query, Mutation and Subscription: a field that is new is among them. */
export function everyOperation(): RootOperation[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => {
      const declared = field.args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
      const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
      const head = declared === '' ? ['', ''] : [`(${declared})`, `(${passed})`]
      return {
        kind,
        field: field.name,
        query: `${kind} Every${head[0]} { ${field.name}${head[1]} ${selection(field.type, depth)} }`,
        variables: (fillings: Fillings, everything: boolean) =>
          Object.fromEntries(
            field.args
              .filter((arg) => everything || isNonNullType(arg.type))
              .map((arg) => [arg.name, filled(arg.name, arg.type, fillings, everything, 4)]),
          ),
      }
    }),
  )
}

function selection(type: GraphQLOutputType, left: number): string {
  if (isNonNullType(type) || isListType(type)) return selection(type.ofType as GraphQLOutputType, left)
  if (isLeafType(type)) return ''
  if (!isObjectType(type)) return '{ __typename }'
  const fields = Object.values(type.getFields())
    .filter((field) => field.args.every((arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined))
    .filter((field) => left > 0 || isLeafType(getNamedType(field.type)))
    .map((field) => `${field.name} ${selection(field.type, left - 1)}`)
  return `{ __typename ${fields.join(' ')} }`
}

function filled(name: string, type: GraphQLInputType, fillings: Fillings, everything: boolean, left: number): unknown {
  const named = fillings.byName(name, String(type).replace(/!$/, ''))
  if (named !== undefined) return named
  if (isNonNullType(type)) return filled(name, type.ofType as GraphQLInputType, fillings, everything, left)
  if (isListType(type)) return [filled(name, type.ofType as GraphQLInputType, fillings, everything, left)]
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
      .filter((field) => (everything && left > 0) || isNonNullType(field.type))
      .map((field) => [field.name, filled(field.name, field.type, fillings, everything, left - 1)])
    return Object.fromEntries(fields)
  }
  switch (String(type)) {
    case 'Int':
    case 'Float':
      return 10
    case 'Boolean':
      return true
    case 'DateTime':
      return new Date().toISOString()
    default:
      return fillings.text()
  }
}
