import { SourceFailure } from '../../streams/causes.ts'
import { hostInUrl, splitSourceUrl } from './source-url.ts'
import type { OpenWay } from './way.ts'

/**
 * SRT follows nothing and asks nobody else: its host is looked up and looked at here, and FFmpeg is told the address alone. Its passphrase and
 * stream id stay in FFmpeg's URL, for FFmpeg itself encrypts by the one and says the other; such a URL is not on its command line.
 */
export const openSrt: OpenWay = async ({ source, resolve }) => {
  const target = splitSourceUrl(source.url)
  if (!target?.port) throw new SourceFailure('UNSUPPORTED', undefined, ['The address can not be read, or has no port.'])
  const [pinned] = await resolve(target.host)
  return { url: `srt://${hostInUrl(pinned!.address)}:${target.port}${target.rest}`, close() {} }
}
