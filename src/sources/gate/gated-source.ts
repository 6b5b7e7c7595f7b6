import type { UrlSource } from '../../streams/model.ts'
import type { GatedSource } from '../gate.ts'
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
      plain: plainText(url, source.url),
      close,
    },
    told(failure) {
      last = failure
      endIfHopeless()
    },
  }
}
