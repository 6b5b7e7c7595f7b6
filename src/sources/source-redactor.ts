import { redact } from '../platform/redact.ts'
import { secretsIn } from '../platform/redacted-parts.ts'
import type { StreamSource } from '../streams/model.ts'
import type { GatedSource } from './gate.ts'

/** Redaction of what FFmpeg says of one source: it takes this source's own secrets out wherever they stand, also without their URL. */
export function sourceRedactor(source: StreamSource): (text: string) => string {
  const known = 'url' in source ? secretsIn(source.url) : []
  return (text) => redact(known.reduce((safe, secret) => safe.replaceAll(secret, '***'), text))
}

/** The same for a source as FFmpeg was told it: the source itself is named in the place of the gate, where it is behind one. */
export function cleanerOf(source: StreamSource, gated: GatedSource | null | undefined): (text: string) => string {
  const redacted = sourceRedactor(source)
  return (text) => redacted(gated ? gated.plain(text) : text)
}
