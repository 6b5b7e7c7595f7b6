import type { OpenWay } from './way.ts'

/** Looks at the host once and lets FFmpeg connect by itself: for protocols that have no way of their own. */
export const openDirect: OpenWay = async ({ source, resolve }) => {
  await resolve(new URL(source.url).hostname)
  return { url: source.url, close() {} }
}
