/** A bound of what one operation may send. */
export interface Limit {
  max: number
  /** What is counted, in the plural, as in "The document has more than 30 aliases". */
  what: string
  /** How it is counted, for docs/limits.md. */
  meaning: string
}

const limit = (max: number, what: string, meaning: string): Limit => ({ max, what, meaning })

/**
 * What one operation may send, over HTTP, SSE and WebSocket alike; looked at before anything is validated or resolved. The documents of the dashboard,
 * the client, GraphiQL and code generators stay below half of each.
 */
export const limits = {
  characters: limit(65_536, 'characters', 'Of the document.'),
  tokens: limit(5000, 'tokens', 'Of the document.'),
  brackets: limit(64, 'brackets inside each other', 'Of every kind: selections, arguments, lists, objects, types.'),
  operations: limit(10, 'operations', 'Of the document, though one is run.'),
  fragments: limit(30, 'fragments', 'That have a name, used or not.'),
  spreads: limit(100, 'spreads of fragments', 'Of the document, those in fragments each once.'),
  depth: limit(12, 'levels', 'Of fields inside each other, with what stands in fragments.'),
  introspectionDepth: limit(
    16,
    'levels of introspection',
    'The same below `__schema` and `__type`, where these are answered.',
  ),
  fields: limit(1000, 'fields', 'Of all operations, those in fragments as often as they are spread.'),
  queryFields: limit(30, 'fields at the root', 'Of a query, with those in fragments.'),
  mutationFields: limit(10, 'fields at the root', 'Of a mutation, with those in fragments.'),
  aliases: limit(30, 'aliases', 'Of one operation, those in fragments as often as they are spread.'),
  repeatedFields: limit(10, 'repeated fields', 'Asked for again, under the same name, in one and the same selection.'),
  directives: limit(20, 'directives', 'Of the document.'),
  directivesOfNode: limit(4, 'directives at one place', 'Of a field, fragment, variable or operation.'),
  variableDefinitions: limit(50, 'variables', 'That an operation declares.'),
  variablesBytes: limit(262_144, 'bytes of variables', 'As JSON, about.'),
  variablesDepth: limit(20, 'levels of variables', 'Of lists and objects inside each other.'),
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof limits

/** A limit that was gone over; `needed` is what was counted until then, at least. */
export interface Excess {
  limit: LimitName
  needed: number
}

/** What is gone over by this count, or null. */
export function excessOf(limit: LimitName, needed: number): Excess | null {
  return needed > limits[limit].max ? { limit, needed } : null
}
