import { redact } from '../../platform/redact.ts'
import { secretsIn } from '../../platform/redacted-parts.ts'
import type { StreamSource } from '../../streams/model.ts'

/** Redaction of what FFmpeg says of one source: it takes this source's own secrets out wherever they stand, also without their URL. */
export function sourceRedactor(source: StreamSource): (text: string) => string {
  const known = 'url' in source ? secretsIn(source.url) : []
  return (text) => redact(known.reduce((safe, secret) => safe.replaceAll(secret, '***'), text))
}
