import { SourceFailure } from '../../../streams/causes.ts'
import { listenOnLoopback, unguessable } from '../loopback.ts'
import { splitSourceUrl } from '../source-url.ts'
import { mediaHold } from '../ticker.ts'
import type { OpenWay } from '../way.ts'
import { rtmpNames } from './names.ts'
import { serveRtmp } from './session.ts'

/**
 * A relay for RTMP. What is played, and the key in it, is put into FFmpeg's commands here. A user and password in the URL stay in FFmpeg's: they
 * are a dialogue of its own (Adobe's), of which few servers of streams to be pulled know.
 */
export const openRtmp: OpenWay = async (way) => {
  const target = splitSourceUrl(way.source.url)
  if (!target) throw new SourceFailure('UNSUPPORTED', undefined, ['The address can not be read.'])
  await way.resolve(target.host)
  const token = unguessable()
  const listener = await listenOnLoopback('127.0.0.1', (client) =>
    serveRtmp(client, { target, localNames: rtmpNames(local), way, hold: mediaHold }),
  )
  const local = {
    scheme: 'rtmp',
    credentials: null,
    host: '127.0.0.1',
    port: listener.port,
    rest: `/${token}/s-${token}`,
  }
  const userinfo = /\/\/([^/?#]*@)/.exec(way.source.url)?.[1] ?? ''
  return { url: `rtmp://${userinfo}127.0.0.1:${listener.port}${local.rest}`, close: listener.close }
}
