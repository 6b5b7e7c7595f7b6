import { SourceFailure } from '../../streams/causes.ts'
import type { UrlSource } from '../../streams/model.ts'
import type { SourceRules } from '../policy.ts'
import type { GateFailure } from './messages.ts'
import { createResolve, type Lookup } from './resolve.ts'
import type { Way } from './way.ts'
import { ways } from './ways.ts'

export interface OpenedSource {
  url: string
  close(): void
}

/** What the gate does, wherever it runs: opens sources by the way of their kind. */
export async function openSource(
  source: UrlSource,
  rules: SourceRules,
  told: (failure: GateFailure | null) => void,
  { lookup, now }: { lookup: Lookup; now: () => number },
): Promise<OpenedSource> {
  const closing = new AbortController()
  const { signal } = closing
  let last: GateFailure | null = null
  let flowed = false
  const tell = (failure: GateFailure | null) => {
    // What follows from a grave one is less telling.
    if (signal.aborted || (failure && last && isGrave(last) && !isGrave(failure))) return
    last = failure
    told(failure)
  }
  const scheme = new URL(source.url).protocol.slice(0, -1)
  if (rules.schemes && !rules.schemes.includes(scheme))
    throw new SourceFailure('BLOCKED', undefined, [`The project does not allow the scheme ${scheme}.`])
  const way: Way = await ways[source.kind]({
    source,
    rules,
    resolve: createResolve(rules, lookup, now),
    signal,
    report: (cause, note) => tell({ cause, note, isFinal: isGrave({ cause }) && !flowed }),
    flows() {
      flowed = true
      if (last) tell(null)
    },
  })
  return {
    url: way.url,
    close() {
      closing.abort()
      way.close()
    },
  }
}

/** FFmpeg would go on trying. */
function isGrave({ cause }: Pick<GateFailure, 'cause'>): boolean {
  return cause === 'BLOCKED' || cause === 'REDIRECT_LOOP'
}

/** Any error as what is told of it. */
export function asFailure(error: unknown): GateFailure {
  if (error instanceof SourceFailure) return { cause: error.cause, note: error.log[0] ?? error.message }
  return { cause: 'UNKNOWN', note: 'The source gate failed.' }
}
