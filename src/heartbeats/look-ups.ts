import { WeirError } from '../errors.ts'
import type { KnownSession } from './store.ts'

const maxIdsPerStatement = 1000
/** Who waits for an answer; one more is refused. */
const maxWaiting = 10_000

export interface LookUpDeps {
  /** HeartbeatStore.find. */
  find(consumerIds: readonly string[]): Promise<KnownSession[]>
  /** What was found of one that was asked for, null where nothing; before those who wait are answered. */
  onFound(consumerId: string, session: KnownSession | null): void
}

/** Looks up sessions in batches, one statement at a time; who asks for one that is asked for already waits for the same answer. */
export class LookUps {
  readonly #deps: LookUpDeps
  #next = new Map<string, PromiseWithResolvers<void> | null>()
  /** Those of the statement that runs: true where its answer may be out of date by the time it comes. */
  #running = new Map<string, { again: boolean; waiter: PromiseWithResolvers<void> | null }>()
  #waiting = 0
  #loop: Promise<void> | null = null
  #isStopped = false

  constructor(deps: LookUpDeps) {
    this.#deps = deps
  }

  /** Resolves when onFound has been told of it. Rejects with UNAVAILABLE where too many wait, or with what `find` throws. */
  ask(consumerId: string): Promise<void> {
    const known = this.#running.get(consumerId)?.waiter ?? this.#next.get(consumerId)
    if (known) return known.promise
    if (this.#isStopped || this.#waiting >= maxWaiting)
      return Promise.reject(
        new WeirError('UNAVAILABLE', 'Too many sessions are being looked up; try again.', { retryAfterSeconds: 1 }),
      )
    const waiter = Promise.withResolvers<void>()
    this.#waiting += 1
    this.#next.set(consumerId, waiter)
    this.#wake()
    return waiter.promise
  }

  /** What is, or is about to be, read of it may be out of date: it is read (again). Nobody waits, and a failure is forgotten. */
  refresh(consumerId: string): void {
    const running = this.#running.get(consumerId)
    if (running) running.again = true
    else if (!this.#next.has(consumerId)) this.#next.set(consumerId, null)
    this.#wake()
  }

  /** Whether one that is being read has to be read again if something becomes known of it now. */
  isRunning(consumerId: string): boolean {
    return this.#running.has(consumerId)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#loop
  }

  #wake(): void {
    if (!this.#isStopped) this.#loop ??= this.#run()
  }

  async #run(): Promise<void> {
    // Those that come in the same turn go together.
    await Promise.resolve()
    while (this.#next.size > 0) {
      for (const [id, waiter] of this.#next) {
        if (this.#running.size >= maxIdsPerStatement) break
        this.#next.delete(id)
        this.#running.set(id, { again: false, waiter })
      }
      await this.#lookUp()
    }
    this.#loop = null
  }

  async #lookUp(): Promise<void> {
    const asked = this.#running
    try {
      const found = new Map((await this.#deps.find([...asked.keys()])).map((row) => [row.consumerId, row]))
      this.#running = new Map()
      for (const [id, { again, waiter }] of asked) {
        if (again && !this.#isStopped) {
          this.#next.set(id, waiter)
          continue
        }
        this.#deps.onFound(id, found.get(id) ?? null)
        if (waiter) this.#waiting -= 1
        waiter?.resolve()
      }
    } catch (error) {
      this.#running = new Map()
      for (const { waiter } of asked.values()) {
        if (waiter) this.#waiting -= 1
        waiter?.reject(error)
      }
    }
  }
}
