import { badInput } from '../../errors.ts'

/** What a player sends by WHEP's PATCH is one candidate or some dozens, each about 100 bytes. */
export const maxFragmentBytes = 16 * 1024

export interface IceFragment {
  iceUfrag: string
  icePwd: string
}

const iceText = /^[A-Za-z0-9+/]+$/
const candidate =
  /^candidate:[A-Za-z0-9+/]{1,32} \d{1,5} [A-Za-z0-9-]{1,16} \d{1,10} [^\s]{1,255} \d{1,5} typ [a-z]{1,16}( .{0,255})?$/i

/**
 * Reads an ICE fragment (RFC 8840, application/trickle-ice-sdpfrag): credentials, and candidates of the sections that `mids` names.
 * The candidates are checked and nothing else is done with them: ours is ICE lite, a player's checks tell where it is. Throws BAD_USER_INPUT.
 */
export function parseIceFragment(text: string, mids: readonly string[]): IceFragment {
  if (new TextEncoder().encode(text).length > maxFragmentBytes) refuse(`is larger than ${maxFragmentBytes} bytes`)
  const credentials = { ufrags: new Set<string>(), pwds: new Set<string>() }
  for (const line of text.split(/\r?\n/)) readLine(line, mids, credentials)
  const [iceUfrag, ...otherUfrags] = credentials.ufrags
  const [icePwd, ...otherPwds] = credentials.pwds
  if (iceUfrag === undefined || icePwd === undefined) return refuse('has no ice-ufrag and ice-pwd')
  if (otherUfrags.length + otherPwds.length > 0) refuse('has more than one ice-ufrag or ice-pwd')
  return { iceUfrag, icePwd }
}

function readLine(line: string, mids: readonly string[], seen: { ufrags: Set<string>; pwds: Set<string> }): void {
  if (line === '' || /^m=\S+ \d{1,5} \S+ .{1,1024}$/.test(line)) return
  if (!line.startsWith('a=')) refuse('has a line that is neither m= nor a=')
  const attribute = line.slice(2)
  const value = attribute.slice(attribute.indexOf(':') + 1)
  if (attribute.startsWith('ice-ufrag:')) {
    if (value.length < 4 || value.length > 256 || !iceText.test(value)) refuse('has an ice-ufrag that is none')
    seen.ufrags.add(value)
  } else if (attribute.startsWith('ice-pwd:')) {
    if (value.length < 22 || value.length > 256 || !iceText.test(value)) refuse('has an ice-pwd that is none')
    seen.pwds.add(value)
  } else if (attribute.startsWith('mid:')) {
    if (!mids.includes(value)) refuse('has a mid that the session does not have')
  } else if (attribute.startsWith('candidate:') && !candidate.test(attribute)) {
    refuse('has a candidate that is none')
  }
}

function refuse(why: string): never {
  throw badInput('fragment', why)
}
