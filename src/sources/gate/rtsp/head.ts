/** The first line and the headers of an RTSP request or answer. */
export interface Head {
  /** The first line, without its end. */
  first: string
  /** In their order; names as they were written. */
  headers: [name: string, value: string][]
}

const mostHeaders = 64

/** Reads a head up to and without its empty line; null for what is none. Folded lines and lines without a colon are left out. */
export function parseHead(text: string): Head | null {
  const [first = '', ...lines] = text.split(/\r\n|\n|\r/)
  if (lines.length > mostHeaders) return null
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon > 0 && !/\s/.test(line.slice(0, colon)) ? [[line.slice(0, colon), line.slice(colon + 1).trim()]] : []
  })
  return { first, headers }
}

export function formatHead({ first, headers }: Head): string {
  return `${[first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`
}

/** The first of this name, whatever its case. */
export function headerOf({ headers }: Head, name: string): string | null {
  return headersOf({ headers }, name)[0] ?? null
}

export function headersOf({ headers }: Pick<Head, 'headers'>, name: string): string[] {
  return headers.filter(([given]) => given.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
}

/** The status of an answer; null for what is none. */
export function statusOf({ first }: Head): number | null {
  const status = /^RTSP\/\d\.\d ([1-5]\d\d)(?: |$)/.exec(first)?.[1]
  return status === undefined ? null : Number(status)
}

/** The method and URI of a request; null for what is none. */
export function requestOf({ first }: Head): { method: string; uri: string } | null {
  const [, method, uri] = /^([A-Z_]{1,20}) (\S+) RTSP\/\d\.\d$/.exec(first) ?? []
  return method === undefined ? null : { method, uri: uri! }
}
