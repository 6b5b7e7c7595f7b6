/** So much is looked at before anything is passed on. */
export const lookBytes = 64

/** Whether media begins like a text that names other addresses: a playlist, a list of files, a session's description. */
export function isList(start: Uint8Array): boolean {
  const text = Buffer.from(start.subarray(0, lookBytes)).toString('latin1')
  return /^(?:\xef\xbb\xbf)?\s*(?:#EXTM3U|#EXT-X-|ffconcat|v=0\r?\n|v=0$|<\?xml|<MPD|<smil|<asx|\[playlist\]|\[Reference\]|#RTSP|rtsptext)/i.test(
    text,
  )
}
