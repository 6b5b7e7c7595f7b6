const hidden = '***'
/** Query parameters that commonly carry a secret. */
const secretNames = /pass|pwd|secret|token|key|auth|sig|credential|streamid|session/i

/**
 * The URL without what must not be shown: user and password, and the values of query parameters that look like
 * secrets. Null for what is no URL.
 */
export function redactUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  url.username = ''
  url.password = ''
  for (const name of [...url.searchParams.keys()]) if (secretNames.test(name)) url.searchParams.set(name, hidden)
  url.hash = ''
  return url.href
}
