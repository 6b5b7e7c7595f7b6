/** How media goes, as an answer to SETUP says it, for FFmpeg to read. */
export type TransportVerdict = { value: string } | { refusal: string }

/**
 * The Transport header of a camera's answer, written anew: only what FFmpeg needs, so that nobody is sent media or reports elsewhere. Over UDP the
 * reports go to `cameraAddress` and nowhere else, whatever source or destination the camera names.
 */
export function answeredTransport(header: string, askedHeader: string, cameraAddress: string): TransportVerdict {
  const asked = lowerTransport(askedHeader)
  const [specification = '', ...parameters] = header
    .split(',')[0]!
    .split(';')
    .map((part) => part.trim())
  const profile = /^RTP\/(S?AVPF?)(\/(?:TCP|UDP))?$/i.exec(specification)
  if (!profile) return { refusal: 'The camera answers with a transport that is not RTP.' }
  const lower = profile[2]?.slice(1).toUpperCase() ?? 'UDP'
  if (lower !== asked) return { refusal: `The camera answers with ${lower} where ${asked} was asked for.` }
  if (parameters.some((parameter) => parameter.toLowerCase() === 'multicast'))
    return { refusal: 'The camera answers with multicast.' }
  const pair = (name: string, most: number): string | null => {
    const found = parameters.find((parameter) => parameter.toLowerCase().startsWith(`${name}=`))
    const [, first, second] = /=(\d{1,5})(?:-(\d{1,5}))?$/.exec(found ?? '') ?? []
    if (first === undefined || Number(first) > most || Number(second ?? 0) > most) return null
    return `${name}=${first}${second === undefined ? '' : `-${second}`}`
  }
  const start = `RTP/${profile[1]!.toUpperCase()}`
  if (asked === 'TCP') {
    // Some cameras leave the channels out where they are those that were asked for.
    const channels = pair('interleaved', 255) ?? /interleaved=\d+-\d+/.exec(askedHeader)?.[0]
    return channels ? { value: `${start}/TCP;unicast;${channels}` } : { refusal: 'The camera names no channels.' }
  }
  const ports = [pair('client_port', 65_535), pair('server_port', 65_535)].filter((found) => found !== null)
  return { value: [start, 'unicast', `source=${cameraAddress}`, ...ports].join(';') }
}

function lowerTransport(header: string): 'TCP' | 'UDP' {
  return /\/TCP\b/i.test(header) ? 'TCP' : 'UDP'
}
