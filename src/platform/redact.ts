/**
 * Takes credentials out of text that people may see: log lines, errors, answers. Each becomes `***`; the rest stays
 * readable. Where it can't tell, it takes too much rather than too little. Takes time in proportion to the text, whatever it holds.
 *
 * Known: userinfo of a URL of any scheme, query parameters and members of objects whose names speak of secrets, a URL's fragment, what
 * stands after the application of an RTMP URL, webhooks' paths, pieces of a path that look made by chance, our own keys (`weir_…`), JWTs,
 * Authorization, Cookie and key headers, and `password=…` as connection strings and RTMP options write it.
 */
export function redact(text: string): string {
  if (!worthALook.test(text)) return text
  // What was taken out may show something else for what it is.
  let safe = redactOnce(text)
  for (let round = 1, before = text; round < maxRounds && safe !== before; round++) {
    before = safe
    safe = redactOnce(safe)
  }
  return safe
}

const maxRounds = 5

function redactOnce(text: string): string {
  let safe = text
    .replace(header, (_, head: string, value: string) => (value.startsWith('"') ? `${head}"***"` : `${head}***`))
    .replace(bearer, (whole, head: string, value: string) => (looksLikeWord(value) ? whole : `${head} ***`))
    .replace(jwt, '***')
    .replace(ownKey, 'weir_***')
  if (safe.includes('@')) safe = withoutBrokenUserinfo(safe.replace(plainUserinfo, '$1***@'))
  safe = safe.replace(encodedUrl, '$1***')
  safe = withoutSecretValues(safe, parameter, parameterValue)
  if (safe.includes('://'))
    safe = safe.replace(token, (part) => (part.includes('://') ? withoutUrlSecrets(part) : part))
  return withoutSecretValues(safe, member, memberValue).replace(assignment, '$1***')
}

// Most lines hold nothing of the kind; this is much cheaper than all the replacements.
const worthALook =
  /[@=]|:\/\/|%3A%2F%2F|weir_|authorization|bearer|cookie|eyJ|["']\s{0,4}:|pass|pwd|-key|-token|secret|[a-z]\s{0,4}:\s{0,4}\\?"/i

const secretName =
  /pass(?!ed|es|ing|ive|through)|pwd|psw|secret|token|sig$|signature|streamid|auth(?!or)|credential|cookie|jwt|session|hash|playpath|(?:^|[-_.]|api|access|private|public|admin|stream|secret|security|[a-z](?=K))key$|keypair-?id$|^(?:user|usr|username|login)$/i

/** Up to the last @ before the path: passwords may hold an @ of their own. */
const plainUserinfo = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#]*@/gi
/** A raw / ? or # in a password ends the authority for a parser, but what stands before is no host with a port. */
const brokenAuthority = /[a-z][a-z0-9+.-]{0,30}:\/\/(?![[*])(?=[^\s/?#:@]*:(?!\d{1,5}(?:[/?#\s'"),;\]}]|$)))/gi
/** One within another URL: its parts can't be told, so all of it goes. */
const encodedUrl = /([a-z][a-z0-9+.-]{0,30}%3A%2F%2F)[^\s"<>&/?#;]+/gi

const header =
  /((?:(?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,30}(?:key|token|secret))\\?["']?\s{0,8}[:=]\s{0,8})("[^"]*"?|[^\r\n]*)/gi
const bearer = /\b(bearer)\s{1,8}([\w.~+/=-]{8,})/gi
const looksLikeWord = (text: string) => /^[a-z]{8,19}[.]?$/.test(text)
const jwt = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g
const ownKey = /weir_[A-Za-z0-9_-]{8,}/g

const assignment =
  /(\b(?:(?:pub)?(?:password|passwd|passphrase|pwd)\s{0,2}[=:]|(?:secret|token|playpath)\s?=)\s{0,2})(?!\*\*\*)(?:'[^'\n]*'|"[^"\n]*"|[^\s&"',;}\])]+)/gi

const parameter = /[?&;#]([^=&?#;\s"<>]*)=/g
const parameterValue = /[^&\s"<>]*/y
const closing = /'[)\]}:,.;]*$/

/** `name: "value"` as JSON and GraphQL write it, also within a text of JSON. */
const member = /(?<![\w-])([A-Za-z][\w-]*)(?:\\?["'])?\s{0,4}:\s{0,4}(?=\\?")/g
const memberValue = /(\\?")(?:(?!\1)(?:[^\\\n]|\\.))*(?:\1)?/y

const token = /[^\s"<>]+/g

/** Replaces what `value` matches after each `head` whose first group is a secret's name. Both go on from where the other ended. */
function withoutSecretValues(text: string, head: RegExp, value: RegExp): string {
  let safe = ''
  let done = 0
  head.lastIndex = 0
  for (let found = head.exec(text); found; found = head.exec(text)) {
    if (!secretName.test(decoded(found[1]!))) continue
    value.lastIndex = head.lastIndex
    const [whole, quote] = value.exec(text)!
    const mark = quote === undefined ? `***${closing.exec(whole)?.[0] ?? ''}` : `${quote}***${quote}`
    safe += text.slice(done, head.lastIndex) + mark
    done = head.lastIndex + whole.length
    head.lastIndex = done
  }
  return safe + text.slice(done)
}

/** From each `open` to the next `close`, where no space stands between. Looks at each character a bounded number of times. */
function withoutSpans(text: string, open: RegExp, close: string): string {
  let safe = ''
  let done = 0
  let end = -1
  let space = -1
  open.lastIndex = 0
  for (let found = open.exec(text); found; found = open.exec(text)) {
    const start = open.lastIndex
    if (end < start) end = text.indexOf(close, start)
    if (end < 0) break
    if (space < start) {
      spaces.lastIndex = start
      space = spaces.exec(text)?.index ?? text.length
    }
    if (end > space) {
      open.lastIndex = space
      continue
    }
    safe += `${text.slice(done, start)}***`
    done = end
    open.lastIndex = end
  }
  return safe + text.slice(done)
}

const spaces = /\s/g
const withoutBrokenUserinfo = (text: string) => withoutSpans(text, brokenAuthority, '@')

/** A text without spaces and quotes, with URLs in it. */
function withoutUrlSecrets(text: string): string {
  const hash = text.indexOf('#', text.indexOf('://'))
  const whole = hash < 0 ? text : `${text.slice(0, hash)}#***${closing.exec(text)?.[0] ?? ''}`
  return whole.replace(url, (_, scheme: string, rest: string) => {
    const end = rest.search(/[?#]|$/)
    return scheme + withoutPathSecrets(scheme, rest.slice(0, end)) + rest.slice(end)
  })
}

/** From one scheme to before the next. */
const url = /([a-z][a-z0-9+.-]{0,30}:\/\/)((?:(?![a-z][a-z0-9+.-]{0,30}:\/\/)[\s\S])*)/gi

/** A URL's host and path. */
function withoutPathSecrets(scheme: string, text: string): string {
  const [host = '', ...path] = text.split('/')
  const from = hiddenFrom(scheme, host.slice(host.lastIndexOf('@') + 1), path)
  const rest = path.slice(from).join('/')
  // All that is hidden is one mark; what ends a quotation around the URL stays.
  const hidden = path.length <= from ? [] : [rest === '' ? '' : `***${closing.exec(rest)?.[0] ?? ''}`]
  return [host, ...path.slice(0, from).map(withoutChance), ...hidden].join('/')
}

/** How much of the path may be shown: RTMP's application without the stream's key, a webhook's address up to that word. */
function hiddenFrom(scheme: string, host: string, path: string[]): number {
  if (/^rtmp[a-z]{0,2}:/i.test(scheme)) return 1
  if (/^hooks?\./i.test(host)) return 0
  const word = path.findIndex((part) => /^webhooks?$/i.test(part))
  return word < 0 ? path.length : word + 1
}

/** A piece of a path that nobody would have thought of: long, of small and capital letters and digits. */
function withoutChance(part: string): string {
  const name = /^[\w~:%-]{20,}/.exec(part)?.[0]
  if (name === undefined || !/[a-z]/.test(name) || !/[A-Z]/.test(name) || !/\d/.test(name)) return part
  return `***${part.slice(name.length)}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
