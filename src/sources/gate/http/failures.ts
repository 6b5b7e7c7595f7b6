import { SourceFailure } from '../../../streams/causes.ts'
import type { FailureCause } from '../../../streams/model.ts'

const causes: Record<string, FailureCause> = {
  ECONNREFUSED: 'REFUSED',
  ECONNRESET: 'REFUSED',
  EPIPE: 'REFUSED',
  ERR_STREAM_PREMATURE_CLOSE: 'REFUSED',
  ETIMEDOUT: 'TIMEOUT',
  EHOSTUNREACH: 'UNREACHABLE',
  ENETUNREACH: 'UNREACHABLE',
  EHOSTDOWN: 'UNREACHABLE',
  ENETDOWN: 'UNREACHABLE',
  EADDRNOTAVAIL: 'UNREACHABLE',
  EPROTO: 'TLS',
}
const tls = /CERT|^ERR_(?:SSL|TLS|OSSL)|SELF_SIGNED|UNABLE_TO_|CRL_|HOSTNAME_MISMATCH/

/** What an error of a connection by HTTP means. */
export function failureOfError(error: unknown): SourceFailure {
  if (error instanceof SourceFailure) return error
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code = String((first as NodeJS.ErrnoException)?.code ?? '')
  if (code.startsWith('HPE_')) return failure('UNSUPPORTED', 'The answer is no HTTP that can be read.')
  const cause = tls.test(code) ? 'TLS' : (causes[code] ?? 'UNREACHABLE')
  return failure(cause, `Connecting failed (${code.slice(0, 60) || 'for a reason that is not known'}).`)
}

/** What a status that is no success means; null for those that carry media or say where there is none. */
export function failureOfStatus(status: number): SourceFailure | null {
  if (status === 200 || status === 206 || status === 416) return null
  const note = `The source answers ${status}.`
  if (status === 401 || status === 403) return failure('AUTH', note)
  if (status === 404 || status === 410) return failure('NOT_FOUND', note)
  return failure('REFUSED', note)
}

export function failure(cause: FailureCause, note: string): SourceFailure {
  return new SourceFailure(cause, undefined, [note])
}
