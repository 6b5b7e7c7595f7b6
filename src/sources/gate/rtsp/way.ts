import { SourceFailure } from '../../../streams/causes.ts'
import { listenOnLoopback, unguessable } from '../loopback.ts'
import { hostInUrl, splitSourceUrl } from '../source-url.ts'
import { mediaHold } from '../ticker.ts'
import type { OpenWay } from '../way.ts'
import { serveRtsp } from './session.ts'

/** So many requests go to a source until it sends media. */
const requestsUntilMedia = 50

/** An RTSP relay: FFmpeg speaks with us, and we with the camera. */
export const openRtsp: OpenWay = async (way) => {
  const target = splitSourceUrl(way.source.url)
  if (!target) throw new SourceFailure('UNSUPPORTED', undefined, ['The address can not be read.'])
  const addresses = await way.resolve(target.host)
  // Over UDP the camera sends to FFmpeg itself, whose sockets are of the family by which it reaches us.
  const family = way.source.rtspTransport === 'UDP' ? addresses[0]!.family : null
  const host = family === 6 ? '::1' : '127.0.0.1'
  const token = unguessable()
  let requestsLeft = requestsUntilMedia
  const listener = await listenOnLoopback(host, (client) =>
    serveRtsp(client, {
      ...{ target, localBase, family, way, hold: mediaHold },
      mayAsk: () => requestsLeft-- > 0,
      flows() {
        requestsLeft = requestsUntilMedia
        way.flows()
      },
    }),
  )
  const localBase = `rtsp://${hostInUrl(host)}:${listener.port}/${token}`
  return { url: localBase, close: listener.close }
}
