import { type ErrorCode, type ErrorDetails, errorTable, WeirError } from '../errors.ts'

/** A node and where others reach it. */
export interface NodeAddress {
  id: string
  name: string
  /** Null where it has not said. */
  url: string | null
}

/** Where nodes answer one another. */
export const internalPath = '/internal'
/** A node answers within this time, or counts as one that doesn't. */
export const callDeadlineMs = 2000
/** The most that an answer may be long. */
const maxAnswerBytes = 8 * 1024 * 1024

export interface NodeCallDeps<Methods> {
  selfId: string
  /** This node's own methods. */
  methods: Methods
  /** What all nodes of the database know. */
  secret: string
  fetch: typeof fetch
}

/** Conversations with other nodes. */
export interface NodeCall<Methods> {
  /**
   * Asks a node; this one by itself, another over HTTP. Throws what the method throws where that is a WeirError, UNAVAILABLE with the node's
   * name where it doesn't answer in time.
   */
  call<Name extends keyof Methods & string>(
    node: NodeAddress,
    method: Name,
    body: BodyOf<Methods[Name]>,
    deadlineMs?: number,
  ): Promise<AnswerOf<Methods[Name]>>
  /** Asks another node for bytes; its answer as it comes. Throws UNAVAILABLE. */
  get(node: NodeAddress, path: string, init: { method: 'GET' | 'HEAD'; range?: string }): Promise<Response>
}

type BodyOf<Method> = Method extends (body: infer Body) => unknown ? Body : never
type AnswerOf<Method> = Method extends (body: never) => Promise<infer Answer> ? Answer : never

export function createNodeCall<Methods extends { [Name in keyof Methods]: (body: never) => Promise<unknown> }>(
  deps: NodeCallDeps<Methods>,
): NodeCall<Methods> {
  const authorization = `Bearer ${deps.secret}`

  async function send(node: NodeAddress, path: string, init: RequestInit, deadlineMs: number): Promise<Response> {
    if (node.url === null) throw silent(node)
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), deadlineMs)
    try {
      const headers = { ...init.headers, authorization }
      // Another node has no reason to send us elsewhere, and the secret goes along.
      const target = `${node.url}${internalPath}${path}`
      return await deps.fetch(target, { ...init, headers, redirect: 'error', signal: deadline.signal })
    } catch (error) {
      throw silent(node, error)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async call(node, method, body, deadlineMs = callDeadlineMs) {
      if (node.id === deps.selfId) return deps.methods[method](body as never) as never
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const startedAt = performance.now()
      const response = await send(node, `/call/${method}`, init, deadlineMs)
      const answer = await answerOf(node, response, deadlineMs - (performance.now() - startedAt))
      if (response.ok) return (answer as { answer: never }).answer
      throw errorOf(node, answer)
    },
    get: (node, path, { method, range }) =>
      send(node, path, { method, ...(range ? { headers: { range } } : {}) }, callDeadlineMs),
  }
}

async function answerOf(node: NodeAddress, response: Response, leftMs: number): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), Math.max(0, leftMs))
  })
  try {
    if (Number(response.headers.get('content-length') ?? 0) > maxAnswerBytes) throw new Error('too long')
    return await Promise.race([response.json(), late])
  } catch (error) {
    await response.body?.cancel().catch(() => {})
    throw silent(node, error)
  } finally {
    clearTimeout(timer)
  }
}

function silent(node: NodeAddress, cause?: unknown): WeirError {
  return new WeirError('UNAVAILABLE', `The node ${node.name} does not answer.`, { retryAfterSeconds: 2 }, { cause })
}

/** The error that the other node answered with; whatever is none of the table's is the node's failure. */
function errorOf(node: NodeAddress, answer: unknown): WeirError {
  const shown = (answer ?? {}) as { code?: string; message?: string; requestId?: string } & ErrorDetails
  const { code, message, requestId: _, ...details } = shown
  if (!code || !Object.hasOwn(errorTable, code) || code === 'UNAUTHENTICATED' || code === 'INTERNAL')
    return silent(node)
  return new WeirError(code as ErrorCode, message ?? '', details)
}
