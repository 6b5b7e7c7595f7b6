/** A source's URL in its parts, each as it was written. Not by WHATWG's rules, which change paths: cameras want theirs as they are. */
export interface SourceUrl {
  /** In lower case. */
  scheme: string
  /** Without the percent signs; null where the URL has no userinfo. */
  credentials: Credentials | null
  /** IPv6 without brackets. */
  host: string
  /** Null where none is given. */
  port: number | null
  /** Path, query and fragment; empty or begins with one of `/?#`. */
  rest: string
}

export interface Credentials {
  user: string
  password: string
}

/** Null for what is no URL with a host, or holds characters that could end a line or a word. */
export function splitSourceUrl(text: string): SourceUrl | null {
  const parts = /^([a-z][a-z0-9+.-]{0,15}):\/\/([^/?#]*)(.*)$/i.exec(text)
  if (!parts || /[^\x21-\x7e\u0080-\uffff]/.test(text)) return null
  const [, scheme = '', authority = '', rest = ''] = parts
  const at = authority.lastIndexOf('@')
  const place = /^(?:\[([0-9a-f:.]+(?:%[^\]]*)?)\]|([^:[\]]+))(?::(\d{0,5}))?$/i.exec(authority.slice(at + 1))
  if (!place) return null
  const port = place[3] ? Number(place[3]) : null
  if (port !== null && (port < 1 || port > 65_535)) return null
  return {
    scheme: scheme.toLowerCase(),
    credentials: at < 0 ? null : credentialsIn(authority.slice(0, at)),
    host: place[1] ?? place[2]!,
    port,
    rest,
  }
}

/** A host as it stands in a URL. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function credentialsIn(userinfo: string): Credentials {
  const colon = userinfo.indexOf(':')
  if (colon < 0) return { user: unescaped(userinfo), password: '' }
  return { user: unescaped(userinfo.slice(0, colon)), password: unescaped(userinfo.slice(colon + 1)) }
}

/** A percent sign without two hexadecimal digits stands for itself, as FFmpeg has it. */
function unescaped(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}
