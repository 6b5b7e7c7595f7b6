/** The server could not listen; the message says which setting to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

export interface ListenTarget {
  host: string
  port: number
  /** The setting that the port came from. */
  portSetting: 'PORT' | 'METRICS_PORT'
}

/** An error of listen() in words that help. */
export function listenError(error: unknown, { host, port, portSetting }: ListenTarget): ListenError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null
  return new ListenError(explain(code, `${portSetting} ${port}`, host, portSetting), { cause: error })
}

function explain(code: string | null, what: string, host: string, portSetting: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `${what} on ${host} is taken by another process. Stop that one, or set ${portSetting} to another port.`
    case 'EACCES':
      return `${what} on ${host} needs more rights than this process has, as ports below 1024 do. Set ${portSetting} to a higher port.`
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return `HOST ${host} is no address of this machine. Set HOST to one, or to 0.0.0.0 for every one.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is not known by that name. Set HOST to an address of this machine.`
    default:
      return `${what} on ${host} can not be listened on (${code ?? 'unknown error'}). HOST and ${portSetting} say where to listen.`
  }
}
