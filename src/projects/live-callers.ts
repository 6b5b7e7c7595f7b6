import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'

/** Told once that what its caller came in by is no longer good. */
export type EndOf = (why: WeirError) => void

/** How often what ends by itself is looked at. */
const lookEveryMs = 1000
/** Keys that are known to be revoked; the oldest is forgotten, the database knows it. */
const maxRevoked = 10_000

interface Group {
  goodUntil: number | null
  ends: Set<EndOf>
}

/**
 * What is open on behalf of keys, JWTs and those who have none, on this node: sockets and subscriptions that have to end when those do. All of one key
 * are one group; who has a session's token is not here, since the session is closed.
 */
export class LiveCallers {
  private readonly groups = new Map<string, Group>()
  private readonly revokedKeys = new Set<string>()
  private readonly now: () => number
  private readonly timer: ReturnType<typeof setInterval>

  /** `now` in ms since the epoch. */
  constructor(now: () => number) {
    this.now = now
    this.timer = setInterval(() => this.look(), lookEveryMs)
  }

  stop(): void {
    clearInterval(this.timer)
    this.groups.clear()
  }

  /** Calls `end` when the caller's key is revoked or over, or its project no longer public. Answers with the way to stop. */
  watch(caller: Caller, end: EndOf): () => void {
    const name = groupOf(caller)
    if (name === null) return () => {}
    const group = this.groups.get(name) ?? { goodUntil: caller.goodUntil ?? null, ends: new Set<EndOf>() }
    this.groups.set(name, group)
    const own: EndOf = (why) => end(why)
    group.ends.add(own)
    return () => {
      group.ends.delete(own)
      if (group.ends.size === 0 && this.groups.get(name) === group) this.groups.delete(name)
    }
  }

  /** Whether what the caller came in by is known to be no longer good, whoever remembers it. */
  isOver({ actor, goodUntil }: Caller): boolean {
    return (goodUntil !== undefined && goodUntil <= this.now()) || this.revokedKeys.has(actor.apiKeyId ?? '')
  }

  revoked(apiKeyId: string): void {
    this.revokedKeys.add(apiKeyId)
    if (this.revokedKeys.size > maxRevoked) this.revokedKeys.delete(this.revokedKeys.values().next().value!)
    this.end(keyGroup(apiKeyId), 'The key was revoked.')
  }

  noLongerPublic(projectId: string): void {
    this.end(publicGroup(projectId), 'This is no longer public.')
  }

  /** Ends what is over by now. */
  look(): void {
    const now = this.now()
    for (const [name, { goodUntil }] of [...this.groups])
      if (goodUntil !== null && goodUntil <= now) this.end(name, 'The key has expired.')
  }

  private end(name: string, message: string): void {
    const group = this.groups.get(name)
    if (!group) return
    this.groups.delete(name)
    for (const end of group.ends) end(new WeirError('UNAUTHENTICATED', message))
  }
}

const keyGroup = (apiKeyId: string) => `key ${apiKeyId}`
const publicGroup = (projectId: string) => `public ${projectId}`

function groupOf({ actor, goodUntil, projectId }: Caller): string | null {
  if (actor.kind === 'API_KEY' && actor.apiKeyId) return keyGroup(actor.apiKeyId)
  if (actor.kind === 'JWT') return goodUntil === undefined ? null : `jwt ${goodUntil}`
  return actor.kind === 'ANONYMOUS' && projectId !== null ? publicGroup(projectId) : null
}
