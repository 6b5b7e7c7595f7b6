/** What pages of an origin may do: OWN is ours, ALLOWED was allowed by CORS_ORIGINS, REFUSED neither; NONE is no page of another origin at all. */
export type OriginVerdict = 'NONE' | 'OWN' | 'ALLOWED' | 'REFUSED'

/** Judges the Origin header of a request to this Host. */
export type JudgeOrigin = (origin: string | null | undefined, host: string | null | undefined) => OriginVerdict

/**
 * `ownOrigins`: by which the server is reached, as scheme, host and port. `allowed`: of CORS_ORIGINS, where `*` is every one, also `null`, which pages in files and
 * sandboxes send.
 */
export function originVerdict(
  origin: string | null | undefined,
  ownOrigins: readonly string[],
  allowed: readonly string[],
): OriginVerdict {
  if (origin === null || origin === undefined) return 'NONE'
  if (ownOrigins.includes(origin)) return 'OWN'
  return allowed.includes('*') || (origin !== 'null' && allowed.includes(origin)) ? 'ALLOWED' : 'REFUSED'
}

/**
 * Our own is PUBLIC_URL, and the host that was asked, over http or https: a proxy before us may have ended TLS. What is not said in CORS_ORIGINS is every origin in
 * development and none in production.
 */
export function createJudgeOrigin(settings: {
  publicUrl: string | null
  corsOrigins: readonly string[] | null
  isProduction: boolean
}): JudgeOrigin {
  const allowed = settings.corsOrigins ?? (settings.isProduction ? [] : ['*'])
  const own = settings.publicUrl === null ? [] : [new URL(settings.publicUrl).origin]
  return (origin, host) => {
    if (!origin) return originVerdict(origin === '' ? 'null' : origin, own, allowed)
    return originVerdict(origin, host ? [...own, ...originsOf(host)] : own, allowed)
  }
}

function originsOf(host: string): string[] {
  return ['http', 'https'].flatMap((scheme) => URL.parse(`${scheme}://${host}`)?.origin ?? [])
}
