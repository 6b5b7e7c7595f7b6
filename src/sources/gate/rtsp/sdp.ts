/** A description as FFmpeg may read it, and what its control addresses stand for. */
export interface GatedDescription {
  sdp: string
  /** The camera's own address for each `localUri(n)`, by n; 0 is that of all media together. */
  controls: string[]
}

const mostLines = 1000
const mostMedia = 16
const longestLine = 4096

/** What FFmpeg reads of media; what tells where media should come from or go to is not among it. */
const attributes =
  /^(?:rtpmap|fmtp|control|range|framerate|framesize|x-framerate|x-dimensions|sendonly|recvonly|sendrecv|inactive|crypto|key-mgmt|ptime|maxptime|mid|rtcp-mux|SampleRate|cliprect|quality)(?::|$)/i

/**
 * Makes each control address of a description one of ours and takes out what names places: connection addresses, filters of sources, names. The
 * camera's addresses are put together as FFmpeg does it: by `base` and a slash, or as they are where they have a scheme. Null for what is no
 * description that can be carried: too many lines or media.
 */
export function gateDescription(text: string, base: string, localUri: (n: number) => string): GatedDescription | null {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.length > mostLines || !lines[0]?.startsWith('v=')) return null
  const controls = [base]
  const kept: string[] = []
  let media = 0
  /** What relative addresses hang on: a scheme in a session's own control changes it for the media behind. */
  const nameMedia = () => {
    if (media > 0 && controls.length === media) addControl(controls[0]!)
  }
  const addControl = (uri: string) => {
    controls.push(uri)
    kept.push(`a=control:${localUri(controls.length - 1)}`)
  }
  for (const line of lines) {
    if (line.length > longestLine) return null
    const kind = line.slice(0, 2)
    const control = /^a=control:(.*)$/i.exec(line)?.[1]?.trim()
    if (kind === 'm=') {
      nameMedia()
      media += 1
      if (media > mostMedia) return null
      kept.push(line)
    } else if (control !== undefined) {
      if (media === 0) {
        if (/^rtsps?:\/\//i.test(control) && isUri(control)) controls[0] = control
      } else if (controls.length === media) addControl(resolved(controls[0]!, control))
    } else if (kind === 'c=') kept.push('c=IN IP4 0.0.0.0')
    else if (kind === 'o=') kept.push('o=- 0 0 IN IP4 127.0.0.1')
    else if (kind === 's=') kept.push('s=-')
    else if (kind === 'v=' || kind === 't=' || kind === 'b=') kept.push(line)
    else if (kind === 'a=' && attributes.test(line.slice(2))) kept.push(line)
  }
  nameMedia()
  return { sdp: `${kept.join('\r\n')}\r\n`, controls }
}

function resolved(base: string, control: string): string {
  if (!isUri(control)) return base
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(control)) return control
  return `${base.endsWith('/') ? base : `${base}/`}${control}`
}

/** Something that may stand in a request's first line. */
export function isUri(text: string): boolean {
  return text !== '' && text.length <= 2048 && !/[^\x21-\x7e\u0080-\u00ff]/.test(text)
}
