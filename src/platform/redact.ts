/**
 * Takes credentials out of text that people may see: log lines, errors, answers. Each becomes `***`; the rest stays
 * readable. Where it can't tell, it takes too much rather than too little.
 *
 * Known: userinfo of a URL of any scheme, query parameters whose names speak of secrets, our own keys (`weir_…`),
 * Authorization headers, and `password=…` as connection strings and RTMP options write it.
 */
export function redact(text: string): string {
  if (!worthALook.test(text)) return text
  return text
    .replace(authorization, (_, head: string, value: string) => (value.startsWith('"') ? `${head}"***"` : `${head}***`))
    .replace(bearer, '$1 ***')
    .replace(plainUserinfo, '$1***@')
    .replace(brokenUserinfo, '$1***@')
    .replace(parameter, (whole, head: string, name: string, value: string) =>
      secretName.test(decoded(name)) ? `${head}${name}=***${closing.exec(value)?.[0] ?? ''}` : whole,
    )
    .replace(assignment, '$1***')
    .replace(ownKey, 'weir_***')
}

// Most lines hold nothing of the kind; this is much cheaper than seven replacements.
const worthALook = /[@=]|weir_|authorization|bearer/i

const secretName =
  /pass(?!ed|es|ing|ive|through)|pwd|psw|secret|token|sig$|signature|streamid|auth(?!or)|credential|cookie|jwt|session|hash|(?:^|[-_.]|api|access|private|public|admin|stream|secret|security|[a-z](?=K))key$|keypair-?id$|^(?:user|usr|username|login)$/i

/** Up to the last @ before the path: passwords may hold an @ of their own. */
const plainUserinfo = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#]{0,2048}@/gi
/** A raw / ? or # in a password ends the authority for a parser, but what stands before is no host with a port. */
const brokenUserinfo =
  /([a-z][a-z0-9+.-]{0,30}:\/\/)(?![[*])[^\s/?#:@]{1,256}:(?!\d{1,5}(?:[/?#\s'"),;\]}]|$))[^\s@]{0,1024}@/gi

const parameter = /([?&;#])([^=&?#\s]{1,128})=([^&\s"<>]*)/g
const closing = /'[)\]}:,.;]*$/
const assignment = /(\b(?:pub)?(?:password|passwd|passphrase|pwd|secret|token)\s?=\s?)(?!\*\*\*)[^\s&"',;]+/gi

const authorization = /((?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8})("[^"]*"?|[^\r\n]*)/gi
const bearer = /\b(bearer)\s{1,8}(?=[^\s]{0,256}\d)[\w.~+/=-]{8,}/gi

const ownKey = /weir_[A-Za-z0-9_-]{8,}/g

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
