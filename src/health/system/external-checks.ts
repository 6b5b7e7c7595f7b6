/** What its operator wants checked beside a node: EXTERNAL_CHECKS. Plain data. */
export interface ExternalTarget {
  name: string
  /** http, https, tcp, rtmp or rtmps. */
  url: string
  /** Sent with HTTP. */
  headers?: Readonly<Record<string, string>>
}

export const maxExternalChecks = 20

const shape = /^([\w.-]{1,64})=((?:https?|tcp|rtmps?):\/\/\S+)$/
/** A comma may be a part of a URL: only one before the next name ends it. */
const between = /[\s,]+(?=[\w.-]{1,64}=(?:https?|tcp|rtmps?):\/\/)/i

/** `name=url` separated by commas or spaces; null where it is something else, has too many, or a name twice. */
export function parseExternalChecks(text: string): readonly ExternalTarget[] | null {
  const targets: ExternalTarget[] = []
  for (const part of text.replace(/^[\s,]+|[\s,]+$/g, '').split(between)) {
    const [, name = '', url = ''] = shape.exec(part) ?? []
    if (!isTarget(url) || targets.some((target) => target.name === name)) return null
    targets.push({ name, url })
  }
  return targets.length <= maxExternalChecks ? targets : null
}

/** TCP needs a port: there is none that it has by itself. */
function isTarget(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.hostname !== '' && (parsed.protocol !== 'tcp:' || parsed.port !== '')
}

const defaultPorts: Record<string, number> = { 'rtmp:': 1935, 'rtmps:': 443 }

/** Where a URL leads to: host as the system takes it, and port. */
export function addressOf(url: string): { host: string; port: number; tls: boolean } {
  const { hostname, port, protocol } = new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (defaultPorts[protocol] ?? 0) : Number(port),
    tls: protocol === 'rtmps:',
  }
}

/** Scheme, host and port: paths may hold stream keys, and queries anything. */
export function targetOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/** The targets of settings of their own, before those of EXTERNAL_CHECKS; a name that stands there goes first. */
export function externalTargets(settings: {
  externalChecks: readonly ExternalTarget[] | null
  azuracastUrl: string | null
  azuracastApiKey: string | null
  rtmpEndpoint: string | null
}): ExternalTarget[] {
  const { externalChecks, azuracastUrl, azuracastApiKey, rtmpEndpoint } = settings
  const named = externalChecks ?? []
  const own: ExternalTarget[] = []
  if (azuracastUrl !== null) {
    const url = `${azuracastUrl.replace(/\/+$/, '')}/api/status`
    own.push({ name: 'azuracast', url, ...(azuracastApiKey ? { headers: { 'X-API-Key': azuracastApiKey } } : {}) })
  }
  if (rtmpEndpoint !== null) own.push({ name: 'rtmp', url: rtmpEndpoint })
  return [...own.filter(({ name }) => named.every((target) => target.name !== name)), ...named]
}
