import type { HeartbeatAnswer } from '../consumers/types.ts'
import type { HeartbeatDocument } from './heartbeat-document.ts'

/** Fields of Heartbeat as JSON: what the resolvers of schema/heartbeat.ts and GraphQL make of them. */
const fieldTexts: Record<string, () => (answer: HeartbeatAnswer) => string> = {
  __typename: () => () => '"Heartbeat"',
  // An id has no character that JSON escapes.
  consumerId: () => (answer) => `"${answer.consumerId}"`,
  accepted: () => (answer) => (answer.accepted ? 'true' : 'false'),
  refusal: () => (answer) => wordText(answer.refusal),
  closeReason: () => (answer) => wordText(answer.closeReason),
  closeMessage: () => (answer) => JSON.stringify(answer.closeMessage),
  at: () => {
    const timeText = timeTexts()
    return (answer) => timeText(answer.at)
  },
  nextBefore: () => {
    const timeText = timeTexts()
    return (answer) => (answer.nextBefore === null ? 'null' : timeText(answer.nextBefore))
  },
  token: () => (answer) => wordText(answer.token),
}

function wordText(word: string | null): string {
  return word === null ? 'null' : `"${word}"`
}

/** Many answers are of the same millisecond. */
function timeTexts(): (at: number) => string {
  let lastAt = Number.NaN
  let last = ''
  return (at) => {
    if (at !== lastAt) {
      lastAt = at
      last = `"${new Date(at).toISOString()}"`
    }
    return last
  }
}

/** The JSON of `{ data }` for this document; null where it asks for a field that is not known here. */
export function answerWriter({
  field,
  responseName,
  selected,
}: HeartbeatDocument): ((answers: readonly HeartbeatAnswer[]) => string) | null {
  const parts: { before: string; text: (answer: HeartbeatAnswer) => string }[] = []
  for (const { responseName: name, field: asked } of selected) {
    if (!Object.hasOwn(fieldTexts, asked)) return null
    parts.push({ before: `${parts.length === 0 ? '{' : ','}"${name}":`, text: fieldTexts[asked]!() })
  }
  const write = (answer: HeartbeatAnswer) => {
    let text = ''
    for (const part of parts) text += part.before + part.text(answer)
    return `${text}}`
  }
  const head = `{"data":{"${responseName}":`
  return field === 'recordHeartbeats'
    ? (answers) => `${head}[${answers.map(write).join()}]}}`
    : (answers) => `${head}${write(answers[0]!)}}}`
}
