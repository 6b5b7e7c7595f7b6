import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isObjectType,
} from 'graphql'

/** The literal of a field's argument; undefined leaves it out. `isNeeded`: the field can't be asked for without it. */
export type Argue = (field: GraphQLField<unknown, unknown>, name: string, isNeeded: boolean) => string | undefined

/** How everything is asked for: `kind` is what things of several kinds are taken to be. */
export interface Asking {
  schema: GraphQLSchema
  argue: Argue
  kind: string
}

/** Everything that can be asked of a type down to a depth: each scalar of each object, of other things those of one kind. */
export function everythingOf(type: GraphQLOutputType, depth: number, asking: Asking): string {
  const named = getNamedType(type)
  if (!isCompositeType(named)) return ''
  if (!isAbstractType(named)) return ` { ${objectFields(named.name, depth, asking) || '__typename'} }`
  const isKind = asking.schema.getPossibleTypes(named).some(({ name }) => name === asking.kind)
  const inner = isKind && objectFields(asking.kind, depth, asking)
  return ` { __typename ${inner ? `... on ${asking.kind} { ${inner} }` : ''} }`
}

function objectFields(typeName: string, depth: number, asking: Asking): string {
  const type = asking.schema.getType(typeName)
  if (!isObjectType(type)) return ''
  return Object.values(type.getFields())
    .filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)))
    .map((field) => {
      // A page is a part of the depth of what it lists, not one of its own.
      const isPage = /(Connection|Edge)$/.test(getNamedType(field.type).name)
      return ask(field, asking.argue) + everythingOf(field.type, isPage ? depth : depth - 1, asking)
    })
    .join(' ')
}

/** A field with its arguments, without what is asked of it. */
export function ask(field: GraphQLField<unknown, unknown>, argue: Argue): string {
  const given = field.args.flatMap((arg) => {
    const isNeeded = isNonNullType(arg.type) && arg.defaultValue === undefined && arg.default === undefined
    const value = argue(field, arg.name, isNeeded)
    return value === undefined ? [] : [`${arg.name}: ${value}`]
  })
  return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}`
}
