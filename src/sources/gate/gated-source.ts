import type { UrlSource } from '../../streams/model.ts'
import type { GatedSource } from '../gate.ts'
import { sourceRedactor } from '../source-redactor.ts'
import type { GateFailure } from './messages.ts'
import { plainText } from './plain-text.ts'

/** What the node sees of a source that is open at the gate; `told` takes what the gate tells of it. */
export interface Told {
  gated: GatedSource
  told(failure: GateFailure | null): void
}

export function createGatedSource(source: UrlSource, url: string, close: () => void): Told {
  let last: GateFailure | null = null
  let end: (() => void) | null = null
  const named = plainText(url, source.url)
  const redacted = sourceRedactor(source)
  const endIfHopeless = () => {
    if (last?.isFinal) end?.()
  }
  return {
    gated: {
      source: { ...source, url },
      failure: () => last,
      onHopeless(act) {
        end = act
        endIfHopeless()
      },
      plain: (text) => redacted(named(text)),
      close,
    },
    told(failure) {
      last = failure
      endIfHopeless()
    },
  }
}
