import type { Logger } from '../../platform/logs/logger.ts'
import { redact } from '../../platform/redact.ts'
import { type Check, critical } from './check.ts'
import type { CheckOutcome, ComponentHealth } from './model.ts'

export interface CheckerOptions {
  checks: readonly Check[]
  nodeId: string
  /** HEALTH_CHECK_TIMEOUT. */
  deadlineMs: number
  /** HEALTH_CHECK_CACHE_DURATION. */
  cacheMs: number
  logger: Logger
  /** ms since the epoch. */
  now: () => number
  /** ms that only grow, for response times. */
  clock: () => number
  /** Told when a component is another than before. */
  changed: () => void
}

interface Watched {
  check: Check
  latest: ComponentHealth | null
  /** It has not answered yet, and is not started again until it has. */
  isOut: boolean
}

/** Runs checks beside one another and keeps what each found last: reading costs nothing. */
export class Checker {
  readonly #options: CheckerOptions
  readonly #watched: Watched[]
  readonly #ending = new AbortController()

  constructor(options: CheckerOptions) {
    this.#options = options
    this.#watched = options.checks.map((check) => ({ check, latest: null, isOut: false }))
  }

  /** What was found last, in the order of the checks; what has not been looked at yet is absent. */
  current(): ComponentHealth[] {
    return this.#watched.flatMap(({ latest }) => latest ?? [])
  }

  /** Looks at everything that is due, each within its deadline. Never rejects. */
  async run(): Promise<void> {
    const due = this.#watched.filter((watched) => this.#isDue(watched))
    await Promise.all(due.map((watched) => this.#look(watched)))
  }

  /** Nobody wants the answers of what is still out. */
  stop(): void {
    this.#ending.abort()
  }

  #isDue({ check, latest, isOut }: Watched): boolean {
    if (isOut) return false
    if (!check.costly || latest?.status !== 'HEALTHY') return true
    return this.#options.now() - latest.checkedAt >= this.#options.cacheMs
  }

  async #look(watched: Watched): Promise<void> {
    const { now, clock } = this.#options
    const { check } = watched
    const deadlineMs = Math.min(this.#options.deadlineMs, check.deadlineMs ?? this.#options.deadlineMs)
    const controller = new AbortController()
    const startedAt = clock()
    watched.isOut = true
    const signal = AbortSignal.any([controller.signal, this.#ending.signal])
    const answer = this.#ask(check, signal).finally(() => {
      watched.isOut = false
    })
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, deadlineMs, null)
    })
    const outcome = await Promise.race([answer, late])
    clearTimeout(timer)
    // Whatever still waits for the answer is told that nobody wants it any more.
    if (!outcome) controller.abort()
    if (this.#ending.signal.aborted) return
    this.#keep(watched, {
      ...(outcome ?? critical('It did not answer in time.', { deadlineMs })),
      nodeId: this.#options.nodeId,
      component: check.component,
      name: check.name,
      responseTimeMs: outcome && Math.round((clock() - startedAt) * 10) / 10,
      checkedAt: now(),
    })
  }

  async #ask(check: Check, signal: AbortSignal): Promise<CheckOutcome> {
    try {
      return await check.check(signal)
    } catch (error) {
      return critical('It does not work.', { error: errorText(error) })
    }
  }

  #keep(watched: Watched, found: ComponentHealth): void {
    const before = watched.latest?.status ?? 'HEALTHY'
    watched.latest = found
    if (found.status === before) return
    const { component, name, status, details } = found
    const context = { logger: 'health', component, name, status, details }
    if (status === 'HEALTHY') this.#options.logger.info(context, 'a component is healthy again')
    else this.#options.logger.warn(context, 'a component is not healthy')
    this.#options.changed()
  }
}

const maxErrorLength = 300

/** An error in a few words, its causes too, without credentials. */
export function errorText(error: unknown): string {
  const texts: string[] = []
  let cause = error
  for (let depth = 0; depth < 3 && cause != null; depth++) {
    texts.push(cause instanceof Error ? cause.message || cause.name : String(cause))
    cause = cause instanceof Error ? cause.cause : null
  }
  return redact(texts.join(': ')).slice(0, maxErrorLength)
}
