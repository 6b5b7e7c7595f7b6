import { randomBytes } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { type Authorizer, createAuthorizer, parseChallenges } from '../authorization.ts'
import { mostRedirects } from '../redirect.ts'
import type { Address } from '../resolve.ts'
import type { Credentials } from '../source-url.ts'
import type { WayRequest } from '../way.ts'
import type { Allowance } from './allowance.ts'
import { failure, failureOfError } from './failures.ts'
import { withoutFragment } from './playlist.ts'

/** An answer of the source, its body not read yet. */
export interface Answer {
  /** Where it came from, redirects followed. */
  url: URL
  /** By what `allowance` knows it. */
  host: string
  /** Whether it was said who asks. */
  authorized: boolean
  response: IncomingMessage
}

export interface Upstream {
  /**
   * Asks for an address and follows redirects. Resolves with the head of an answer of any other status, within `answerDeadlineMs`.
   * Rejects with SourceFailure.
   */
  get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answer>
  /** Ends idle connections. */
  close(): void
}

/** Redirects and all; less than FFmpeg itself waits, so that it is told. */
export const answerDeadlineMs = 4_500
/** The first without saying who asks, another should the server's nonce be stale. */
const authorizationsTried = 2
const authorizersKept = 16
const headerBytes = 32 * 1024
const connections = { keepAlive: true, maxSockets: 32, maxTotalSockets: 64, maxFreeSockets: 4, timeout: 30_000 }

export function createUpstream({ source, resolve }: WayRequest, allowance: Allowance): Upstream {
  const agents = { http: new HttpAgent(connections), https: new HttpsAgent(connections) }
  const own = new URL(source.url)
  const authorizers = new Map<string, Authorizer>()

  /** With what a URL brings along; else with the source's own, for the same host and no less well protected. */
  function authorizerFor(url: URL): Authorizer {
    const isOwn = url.hostname === own.hostname && (url.protocol === 'https:' || own.protocol === 'http:')
    const given = credentialsOf(url)
    const key = `${url.origin} ${given?.user} ${given?.password}`
    const known = authorizers.get(key)
    if (known) return known
    const made = createAuthorizer(given ?? (isOwn ? credentialsOf(own) : null), (bytes) =>
      randomBytes(bytes).toString('hex'),
    )
    authorizers.set(key, made)
    if (authorizers.size > authorizersKept) authorizers.delete(authorizers.keys().next().value!)
    return made
  }

  async function once(
    url: URL,
    headers: Record<string, string>,
    auth: Authorizer,
    signal: AbortSignal,
  ): Promise<Answer> {
    const addresses = await resolve(url.hostname)
    signal.throwIfAborted()
    const host = addresses[0]!.address
    if (!allowance.take(host))
      throw failure('REDIRECT_LOOP', 'The source wants more and more requests and sends no media.')
    const isTls = url.protocol === 'https:'
    const authorization = auth.header({ method: 'GET', uri: `${url.pathname}${url.search}` })
    const { promise, resolve: answered, reject } = Promise.withResolvers<IncomingMessage>()
    const request = (isTls ? httpsRequest : httpRequest)({
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (isTls ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, ...(authorization ? { authorization } : {}) },
      agent: isTls ? agents.https : agents.http,
      maxHeaderSize: headerBytes,
      lookup: pinned(addresses),
      signal,
    })
    let response: IncomingMessage | null = null
    request
      .on('response', (answer) => {
        // It may break off before anybody reads it, and has to remember why.
        response = answer.on('error', () => {})
        answered(answer)
      })
      .on('error', (error) => {
        // Where the body breaks off it is known here alone why.
        response?.destroy(error)
        reject(error)
      })
      .on('upgrade', (_, socket) => socket.destroy())
      .end()
    try {
      return { url, host, authorized: authorization !== null, response: await promise }
    } catch (error) {
      signal.throwIfAborted()
      // The server had closed the connection that was kept for this.
      const isStale = request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
      if (isStale) return once(url, headers, auth, signal)
      throw failureOfError(error)
    }
  }

  async function follow(first: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const visited = new Set<string>()
    for (let url = first; ; ) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw failure('BLOCKED', `The source leads to an address with the scheme ${url.protocol.slice(0, 20)}`)
      const address = withoutFragment(url)
      if (visited.has(address)) throw failure('REDIRECT_LOOP', 'The source redirects to where it has been.')
      if (visited.size > mostRedirects)
        throw failure('REDIRECT_LOOP', `The source redirects more than ${mostRedirects} times.`)
      visited.add(address)
      const auth = authorizerFor(url)
      let answer = await once(url, headers, auth, signal)
      for (let again = 0; again < authorizationsTried && answer.response.statusCode === 401; again += 1) {
        const isNew = auth.refused(parseChallenges(challengesOf(answer.response)))
        // Another request may have learnt meanwhile how to ask.
        if (!isNew && answer.authorized) break
        answer.response.destroy()
        answer = await once(url, headers, auth, signal)
      }
      const next = redirectOf(answer)
      if (!next) return answer
      answer.response.destroy()
      url = next
    }
  }

  return {
    async get(url, headers, signal) {
      const late = AbortSignal.timeout(answerDeadlineMs)
      const either = new AbortController()
      const abort = () => either.abort()
      for (const one of [late, signal]) one.addEventListener('abort', abort)
      if (signal.aborted) abort()
      try {
        return await follow(url, headers, either.signal)
      } catch (error) {
        if (late.aborted && !signal.aborted) throw failure('TIMEOUT', 'The source does not answer in time.')
        throw either.signal.aborted ? failure('ENDED', 'It was called off.') : failureOfError(error)
      } finally {
        for (const one of [late, signal]) one.removeEventListener('abort', abort)
        // From here on the body counts as long as it is wanted.
        signal.addEventListener('abort', abort)
      }
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

function pinned(addresses: readonly Address[]): LookupFunction {
  return (_name, options, answer) => {
    if (options.all) answer(null, [...addresses])
    else answer(null, addresses[0]!.address, addresses[0]!.family)
  }
}

function redirectOf({ response, url }: Answer): URL | null {
  if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0)) return null
  const { location } = response.headers
  if (location === undefined) return null
  try {
    return new URL(location, url)
  } catch {
    throw failure('UNSUPPORTED', 'The source redirects to what is no address.')
  }
}

function challengesOf(response: IncomingMessage): string[] {
  return response.headersDistinct['www-authenticate'] ?? []
}

function credentialsOf({ username, password }: URL): Credentials | null {
  if (username === '' && password === '') return null
  return { user: decoded(username), password: decoded(password) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
