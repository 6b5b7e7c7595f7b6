/**
 * Does an If-Match header (RFC 9110, 13.1.1) let a change to what has this entity tag through? `*` always; else one of its tags has to be
 * this one, compared strongly: a weak one never is. The tag with its quotes or without.
 */
export function ifMatchAllows(header: string, etag: string): boolean {
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim() === quotedTag(etag))
}

/** An entity tag as HTTP writes it. Ours hold neither quotes nor commas. */
export function quotedTag(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`
}
