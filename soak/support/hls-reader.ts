/** The newest segment of a live playlist, by its URL; null where none is listed or nobody answers in time. */
export async function newestSegment(playlistUrl: string, timeoutMs = 2000): Promise<string | null> {
  const response = await fetch(playlistUrl, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => null)
  const text = response?.ok ? await response.text().catch(() => '') : ''
  const last = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .at(-1)
  if (!last) return null
  const url = new URL(last, response!.url).href
  return new URL(url).pathname.endsWith('.m3u8') ? newestSegment(url, timeoutMs) : url
}

/** Whether a segment can be had, whole and not empty. */
export async function isThere(segmentUrl: string, timeoutMs = 2000): Promise<boolean> {
  const response = await fetch(segmentUrl, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => null)
  if (!response?.ok) return false
  return (await response.arrayBuffer().catch(() => new ArrayBuffer(0))).byteLength > 0
}
