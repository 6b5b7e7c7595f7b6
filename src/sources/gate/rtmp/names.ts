import { hostInUrl, type SourceUrl } from '../source-url.ts'

/** What a server of RTMP is asked for. */
export interface RtmpNames {
  app: string
  playpath: string
  tcUrl: string
}

export const rtmpPorts: Record<string, number> = { rtmp: 1935, rtmps: 443 }

/** How FFmpeg reads them out of a URL: the application is the path's first part, or its first two where there are more behind. */
export function rtmpNames({ scheme, host, port, rest }: SourceUrl): RtmpNames {
  const { app, file } = partsOf(rest)
  const place = `${hostInUrl(host)}:${port ?? rtmpPorts[scheme]}`
  return { app, playpath: playpathOf(file), tcUrl: `${scheme}://${place}/${app}` }
}

function partsOf(path: string): { app: string; file: string } {
  const inner = path.slice(1)
  const list = /\?.*slist=([^&]*)/.exec(path)
  if (list) return { app: inner, file: list[1]! }
  if (path.startsWith('/ondemand/')) return { app: 'ondemand', file: path.slice(10) }
  const first = inner.indexOf('/')
  if (first < 0) return { app: inner, file: '' }
  const second = inner.indexOf('/', first + 1)
  const colon = inner.indexOf(':', first + 1)
  // A colon belongs to the name of what is played, such as `mp4:folder/file`.
  const end = second < 0 || (colon >= 0 && colon < second) ? first : second
  return { app: inner.slice(0, end), file: inner.slice(end + 1) }
}

function playpathOf(file: string): string {
  if (!file.includes(':') && /\.(?:f4v|mp4)$/.test(file)) return `mp4:${file}`
  return file.endsWith('.flv') ? file.slice(0, -4) : file
}

/**
 * Changes the names that FFmpeg was told into those that the server knows. FFmpeg may have put parameters behind the application's, to say who
 * it is.
 */
export function serverNames(local: RtmpNames, server: RtmpNames): (text: string) => string {
  return (text) => {
    if (text === local.playpath) return server.playpath
    const name = (['tcUrl', 'app'] as const).find((one) => text === local[one] || text.startsWith(`${local[one]}?`))
    return name ? server[name] + text.slice(local[name].length) : text
  }
}
