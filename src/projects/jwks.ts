import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { WeirError } from '../errors.ts'
import type { Logger } from '../platform/logs/logger.ts'

/** The issuer is asked anew after so long, */
const freshMs = 10 * 60_000
/** and no sooner than so long after it was last asked, whatever tokens come. */
const askEveryMs = 30_000
/** While it is away its last keys are good for so long. */
const staleMs = 60 * 60_000
const deadlineMs = 5000
const maxBytes = 256 * 1024
const maxKeys = 100

const answer = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(maxKeys) })

type Keys = ReturnType<typeof createLocalJWKSet>

/**
 * The public keys of an issuer of JWTs, by its JWKS. Rotation: a `kid` that is not known has the issuer asked again, at most once in 30 s. Throws
 * UNAVAILABLE where the issuer is away and nothing recent is known. `monotonic` in ms.
 */
export function createJwks(parts: {
  url: string
  fetch: typeof fetch
  monotonic: () => number
  logger: Logger
}): JWTVerifyGetKey {
  const { url, monotonic, logger } = parts
  let known: { keys: Keys; at: number } | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null

  async function ask(): Promise<void> {
    askedAt = monotonic()
    try {
      const at = monotonic()
      const response = await parts.fetch(url, {
        headers: { accept: 'application/jwk-set+json, application/json' },
        // Where the keys are is what the operator says, and nobody else.
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
      })
      if (!response.ok) {
        await response.body?.cancel()
        throw new Error(`the issuer answers with status ${response.status}`)
      }
      const { keys } = answer.parse(JSON.parse(await boundedText(response)))
      known = { keys: createLocalJWKSet({ keys: keys as never }), at }
    } catch (error) {
      const { message } = error as Error
      logger.warn({ reason: message }, 'the keys of JWTs (JWT_JWKS_URL) could not be read; trying on')
    }
  }

  /** Together with whoever waits already. Resolves also where nothing came of it. */
  async function refresh(): Promise<void> {
    if (!asking && monotonic() - askedAt < askEveryMs) return
    asking ??= ask().finally(() => {
      asking = null
    })
    await asking
  }

  const current = () => (known && monotonic() - known.at < staleMs ? known.keys : null)

  return async (header, token) => {
    if (!current()) await refresh()
    else if (monotonic() - known!.at >= freshMs) void refresh()
    const keys = current()
    if (!keys) {
      const details = { retryAfterSeconds: askEveryMs / 1000 }
      throw new WeirError('UNAVAILABLE', "The issuer's keys can not be read now; keys of ours work.", details)
    }
    try {
      return await keys(header, token)
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_JWKS_NO_MATCHING_KEY') throw error
      await refresh()
      const renewed = current()
      if (!renewed || renewed === keys) throw error
      return renewed(header, token)
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new Error(`the issuer's answer is larger than ${maxBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}
