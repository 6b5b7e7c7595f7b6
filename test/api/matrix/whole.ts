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

/** Everything that can be asked of a type down to a depth: each scalar of each object, fragments for each kind of thing. */
export function everythingOf(schema: GraphQLSchema, type: GraphQLOutputType, depth: number, argue: Argue): string {
  const named = getNamedType(type)
  if (!isCompositeType(named)) return ''
  if (isAbstractType(named)) {
    const kinds = schema.getPossibleTypes(named).map((kind) => {
      const inner = objectFields(schema, kind.name, depth, argue, `${kind.name}_`)
      return inner && `... on ${kind.name} { ${inner} }`
    })
    return ` { __typename ${kinds.join(' ')} }`
  }
  const inner = objectFields(schema, named.name, depth, argue, '')
  return ` { ${inner || '__typename'} }`
}

/** `prefix`: of names in the answer, so that kinds whose fields differ in type do not meet. */
function objectFields(schema: GraphQLSchema, typeName: string, depth: number, argue: Argue, prefix: string): string {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) return ''
  return Object.values(type.getFields())
    .filter((field) => depth > 0 || !isCompositeType(getNamedType(field.type)))
    .map((field) => {
      // A page is a part of the depth of what it lists, not one of its own.
      const isPage = /(Connection|Edge)$/.test(getNamedType(field.type).name)
      return `${prefix && `${prefix}${field.name}: `}${ask(field, argue)}${everythingOf(schema, field.type, isPage ? depth : depth - 1, argue)}`
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
