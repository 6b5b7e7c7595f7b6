import type { FailureCause } from '../../../streams/model.ts'
import { type Head, headerOf } from './head.ts'
import { gateDescription, isUri } from './sdp.ts'
import { answeredTransport } from './transport.ts'

/** A final answer of a camera's, and what it answers. */
export interface Answered {
  method: string
  status: number
  head: Head
  body: Buffer
  /** The request's address at the camera. */
  uri: string
  /** The request's Transport header, where it had one. */
  transport: string | null
}

/** What the addresses that FFmpeg knows stand for. */
export interface Addresses {
  /** FFmpeg's address n is `localUri(n)`; the camera's is `controls[n]`. 0 is all media together. */
  controls: readonly string[]
  localUri(n: number): string
  /** The camera's IP address. */
  camera: string
}

export type ForFfmpeg =
  | { headers: [string, string][]; body: string; controls: readonly string[] }
  | { refusal: { cause: FailureCause; note: string } }

/**
 * A good answer as FFmpeg may read it: made anew from what is known to be needed, so that nothing else of a camera's gets to FFmpeg. `controls` are
 * those from now on.
 */
export function goodAnswer({ method, head, body, uri, transport }: Answered, addresses: Addresses): ForFfmpeg {
  const { controls, localUri, camera } = addresses
  const kept = ['Session', 'Public', 'Range'].flatMap((name): [string, string][] => {
    const value = headerOf(head, name)
    return value === null || value.length > 1024 ? [] : [[name, value]]
  })
  if (method === 'DESCRIBE') {
    const given = headerOf(head, 'content-base')
    const base = given && isUri(given) ? given : uri
    const gated = gateDescription(body.toString('latin1'), base, localUri)
    if (!gated)
      return {
        refusal: { cause: 'UNSUPPORTED', note: 'The camera describes its media in a way that can not be carried.' },
      }
    return { headers: [...kept, ['Content-Type', 'application/sdp']], body: gated.sdp, controls: gated.controls }
  }
  if (method === 'SETUP') {
    const verdict = answeredTransport(headerOf(head, 'transport') ?? '', transport ?? '', camera)
    if ('refusal' in verdict) return { refusal: { cause: 'UNSUPPORTED', note: verdict.refusal } }
    kept.push(['Transport', verdict.value])
  }
  const info = method === 'PLAY' && rtpInfo(headerOf(head, 'rtp-info') ?? '', addresses)
  if (info) kept.push(['RTP-Info', info])
  return { headers: kept, body: '', controls }
}

/** Where each track begins, with the addresses that FFmpeg knows; tracks that it does not know are left out. */
function rtpInfo(header: string, { controls, localUri }: Addresses): string {
  return header
    .slice(0, 8192)
    .split(',')
    .flatMap((entry) => {
      const [url, ...rest] = entry.trim().split(';')
      const n = controls.indexOf(url!.replace(/^url=/i, ''))
      const figures = rest.filter((part) => /^(?:seq|rtptime)=\d{1,10}$/.test(part.trim()))
      return n > 0 ? [[`url=${localUri(n)}`, ...figures].join(';')] : []
    })
    .join(',')
}

/** Why a camera refuses, by its status. */
export function causeOfStatus(status: number): FailureCause {
  if (status === 401 || status === 403) return 'AUTH'
  return status === 404 || status === 410 ? 'NOT_FOUND' : 'REFUSED'
}

const reasons: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  410: 'Gone',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** A status line in our own words. */
export function statusLine(status: number): string {
  return `RTSP/1.0 ${status} ${reasons[status] ?? 'Refused'}`
}
