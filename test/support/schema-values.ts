import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql'

/** A value for a place of the schema where a value of this scalar's name belongs; undefined leaves the place to chance. */
export type ScalarValues = (typeName: string, place: string) => unknown

/** For inputs and scalars of these names, wherever they stand: what makes a well-formed whole. */
export const plainInputs: Record<string, unknown> = {
  StreamSourceInput: { testPattern: {} },
  RecoveryPolicyInput: {},
  QuotasInput: {},
  SourcePolicyInput: {},
  PlayerStatsInput: {},
  RtpCapabilities: { codecs: [] },
  DtlsParametersInput: {
    role: 'client',
    fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
  },
}

/** Any value that the type takes: each member of an input given, of a oneOf input the first; `inputs` for types of those names. */
export function anyValue(
  type: GraphQLInputType,
  place: string,
  scalars: ScalarValues,
  inputs: Record<string, unknown> = {},
): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return [anyValue(nullable.ofType, place, scalars, inputs)]
  if (Object.hasOwn(inputs, String(nullable))) return inputs[String(nullable)]
  if (isEnumType(nullable)) return nullable.getValues()[0]!.name
  if (!isInputObjectType(nullable)) return scalars(String(nullable), place)
  const fields = Object.values(nullable.getFields())
  const given = nullable.isOneOf ? fields.slice(0, 1) : fields
  return Object.fromEntries(given.map(({ name, type }) => [name, anyValue(type, `${place}.${name}`, scalars, inputs)]))
}

/** Variables for all arguments of a field. */
export function anyArguments(
  args: readonly GraphQLArgument[],
  scalars: ScalarValues,
  inputs: Record<string, unknown> = {},
): Record<string, unknown> {
  return Object.fromEntries(args.map(({ name, type }) => [name, anyValue(type, name, scalars, inputs)]))
}

/** A field as an operation asks for it with a variable for each argument; of what it answers with only `selection`. */
export function askFor(
  field: GraphQLField<unknown, unknown>,
  selection = '__typename',
): { variables: string; text: string } {
  const variables = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  return {
    variables: variables && `(${variables})`,
    text: `${field.name}${passed && `(${passed})`}${isCompositeType(getNamedType(field.type)) ? ` { ${selection} }` : ''}`,
  }
}
