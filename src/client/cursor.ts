import { type Operation, operationOf } from './document.ts'

/** The subscriptions of the log, with those of their messages that have a place in it. */
const logFields: Record<string, readonly string[]> = {
  events: ['Event', 'Checkpoint', 'Gap'],
  streamHealth: ['HealthChange', 'Checkpoint', 'Gap'],
}

/** Under this name each message brings its cursor and its type; taken off again before the caller sees it. */
const cursorName = 'weirCursor'
const typeName = 'weirType'
const variableName = 'weirAfter'

/** A subscription of the log that can be gone on with after any message of it. */
export interface Resumable {
  /** The document, changed so that its messages tell where they stand and that it can begin after a cursor. */
  text: string
  /** The variable that carries the cursor. */
  variable: string
  /** What the document itself says of where to begin; a variable of the caller's may say another thing. */
  begin: string | null
}

/** Null for a subscription that is of state, not of the log: it begins anew with the whole truth. */
export function resumable(text: string): Resumable | null {
  const operation = operationOf(text)
  const field = operation?.fields[0]
  const types = field && operation.kind === 'subscription' ? logFields[field.name] : undefined
  if (!operation || !field?.selection || !types) return null
  const edits: Edit[] = []
  const { tokens } = operation
  const { variable, begin } = withAfter(operation, edits)
  const open = tokens[field.selection[0]]!.end
  const marks = types.map((type) => ` ... on ${type} { ${cursorName}: cursor }`)
  edits.push({ start: open, end: open, text: ` ${typeName}: __typename${marks.join('')} ` })
  return { text: edited(text, edits), variable, begin }
}

/** Sees to it that the field begins after a variable's value. */
function withAfter(operation: Operation, edits: Edit[]): { variable: string; begin: string | null } {
  const { tokens, keyword, variables, fields } = operation
  const field = fields[0]!
  const [open, close] = field.arguments ?? [0, -1]
  let begin: string | null = null
  let asked: Edit | null = null
  for (let index = open + 1, depth = 0; index < close; index++) {
    const { value } = tokens[index]!
    if ('({['.includes(value)) depth++
    else if (')}]'.includes(value)) depth--
    else if (depth === 0 && value === 'after' && tokens[index + 1]!.value === ':') {
      const given = tokens[index + 2]!
      if (given.value === '$') return { variable: tokens[index + 3]!.value, begin: null }
      if (given.kind === 'string') begin = JSON.parse(given.value) as string
      asked = { start: given.start, end: given.end, text: `$${variableName}` }
    }
  }
  const argument = `after: $${variableName}`
  if (asked) edits.push(asked)
  else if (field.arguments) edits.push(after(tokens[open]!.end, `${argument} `))
  else edits.push(after(tokens[field.after - 1]!.end, `(${argument})`))

  const definition = `$${variableName}: String`
  if (variables) edits.push(after(tokens[variables[0]]!.end, `${definition} `))
  else {
    // Behind the name, where there is one; directives come after it.
    const named = tokens[keyword + 1]!.kind === 'name' ? tokens[keyword + 1]! : tokens[keyword]!
    edits.push(after(named.end, `(${definition})`))
  }
  return { variable: variableName, begin }
}

interface Edit {
  start: number
  end: number
  text: string
}

function after(end: number, text: string): Edit {
  return { start: end, end, text }
}

function edited(text: string, edits: Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((made, edit) => made.slice(0, edit.start) + edit.text + made.slice(edit.end), text)
}

/** What a message of the log is, without our marks in it. `cursor` is null for what has no place in the log. */
export interface LogMessage {
  data: unknown
  type: string | null
  cursor: string | null
}

export function readMessage(data: unknown): LogMessage {
  const [name, message] = Object.entries((data ?? {}) as Record<string, unknown>)[0] ?? []
  if (name === undefined || typeof message !== 'object' || message === null) return { data, type: null, cursor: null }
  const { [cursorName]: cursor, [typeName]: type, ...own } = message as Record<string, unknown>
  return {
    data: { ...(data as object), [name]: own },
    type: typeof type === 'string' ? type : null,
    cursor: typeof cursor === 'string' ? cursor : null,
  }
}

/**
 * Where a subscriber stands in the log, and whether a message is news to it. A cursor is a number that only grows; an event is
 * news when it is behind the last one, the other messages always are.
 */
export function passes(message: LogMessage, last: string | null): boolean {
  if (message.cursor === null || last === null) return true
  if (message.type === 'Checkpoint' || message.type === 'Gap') return true
  return Number(message.cursor) > Number(last)
}

/** The later of two cursors. */
export function furthest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return Number(b) > Number(a) ? b : a
}
