import { type SourceUrl, splitSourceUrl } from './source-url.ts'

/** So many are followed, as FFmpeg does over HTTP. */
export const mostRedirects = 5

/**
 * Where a redirect leads to; null where its scheme is none of `schemes` or it is no address at all. The credentials stay behind unless it is the
 * same host and no less well protected (`secure` are the encrypted schemes).
 */
export function redirected(
  from: SourceUrl,
  location: string,
  schemes: readonly string[],
  secure: string,
): SourceUrl | null {
  const to =
    location.startsWith('/') && !location.startsWith('//') ? { ...from, rest: location } : splitSourceUrl(location)
  if (!to || !schemes.includes(to.scheme)) return null
  const isSame = to.host.toLowerCase() === from.host.toLowerCase() && (from.scheme !== secure || to.scheme === secure)
  return { ...to, credentials: to.credentials ?? (isSame ? from.credentials : null) }
}
