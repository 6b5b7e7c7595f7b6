interface Cookie {
  name: string
  value: string
  /** Of which hosts: this one, or with `andBelow` those below it, too. */
  host: string
  andBelow: boolean
  path: string
  isSecure: boolean
}

const cookiesKept = 32
const cookieLength = 4_096

/** The cookies of one source: some servers hand out the right to its pieces in them. */
export class Cookies {
  private kept: Cookie[] = []

  /** Takes the Set-Cookie headers of an answer from `url`. */
  take(url: URL, headers: readonly string[]): void {
    for (const header of headers) {
      const cookie = header.length > cookieLength ? null : read(url, header)
      if (!cookie) continue
      const { name, host, path } = cookie
      this.kept = this.kept.filter((it) => it.name !== name || it.host !== host || it.path !== path)
      if (cookie.value !== '') this.kept.push(cookie)
    }
    this.kept = this.kept.slice(-cookiesKept)
  }

  /** The Cookie header for a request; null for none. */
  header({ protocol, hostname, pathname }: URL): string | null {
    const good = this.kept.filter(
      ({ host, andBelow, path, isSecure }) =>
        (hostname === host || (andBelow && hostname.endsWith(`.${host}`))) &&
        pathname.startsWith(path) &&
        (!isSecure || protocol === 'https:'),
    )
    return good.length === 0 ? null : good.map(({ name, value }) => `${name}=${value}`).join('; ')
  }
}

/** One that is over has no value. */
function read({ hostname }: URL, header: string): Cookie | null {
  const [pair = '', ...rest] = header.split(';')
  const match = /^\s*([\w!#$%&'*+.^`|~-]+)=([\x21-\x3a\x3c-\x7e]*)\s*$/.exec(pair)
  if (!match) return null
  const attributes = new Map(
    rest.map((text): [string, string] => {
      const [name = '', value = ''] = text.split(/=(.*)/s)
      return [name.trim().toLowerCase(), value.trim()]
    }),
  )
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase()
  // Only of names that have a dot, and only those that the host itself is below.
  const isBelow = domain?.includes('.') && !/^[\d.]+$/.test(domain) && `.${hostname}`.endsWith(`.${domain}`)
  const isOver = Number(attributes.get('max-age') ?? 1) <= 0
  const path = attributes.get('path')
  return {
    name: match[1]!,
    value: isOver ? '' : match[2]!,
    host: isBelow ? domain! : hostname,
    andBelow: isBelow === true,
    path: path?.startsWith('/') ? path : '/',
    isSecure: attributes.has('secure'),
  }
}
