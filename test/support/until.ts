import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks again until the answer is neither false nor null nor undefined. For what tells nobody when it changes: /proc, another
 * process's answers. `timeoutMs` is there to end a broken test with words, never to prove speed.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 25, explain }: { timeoutMs?: number; everyMs?: number; explain?: () => unknown } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== false && answer !== null && answer !== undefined) return answer as NonNullable<Exclude<T, false>>
    if (performance.now() >= deadline) {
      const detail = explain ? `: ${JSON.stringify(explain(), null, 2)}` : ''
      throw new Error(`not within ${timeoutMs / 1000} s: ${what}${detail}`)
    }
    await pause(everyMs)
  }
}
