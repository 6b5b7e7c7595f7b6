/**
 * Takes credentials out of text that somebody may read: what a URL says about the user, and query parameters that are
 * secrets by their name. Works on whole log lines with any number of URLs in them; redacting twice changes nothing.
 */
export function redact(text: string): string {
  return text
    .replace(urlPattern, (_whole, scheme: string, rest: string) => scheme + withoutUser(rest))
    .replace(secretParameter, '$1***')
}

/** A scheme and all that follows without a blank or quote. The scheme's length is bounded: without it the search is quadratic. */
const urlPattern = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s'"<>`]+)/gi

/** `name=value` in a query, a fragment or a list of options, where the name tells that the value is nobody's business. */
const secretParameter =
  /([?&;,#:](?:[\w.-]{0,40}(?:pass|pwd|psw|token|secret|sign|sig|auth|credential|session|jwt|hash|key)[\w.-]{0,40}|user|username|usr|login|streamid)=)[^&\s'"<>`]*/gi

function withoutUser(rest: string): string {
  const authorityEnd = rest.search(/[/?#]/)
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd)
  const at = authority.lastIndexOf('@')
  if (at >= 0) return `***${rest.slice(at)}`
  // A password with an unescaped / ? or # in it ends the authority early: rather lose a path than show a password.
  const late = authority.includes(':') ? rest.lastIndexOf('@') : -1
  return late >= 0 ? `***${rest.slice(late)}` : rest
}
