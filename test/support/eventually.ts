import { vi } from 'vitest'

/** Asserts again and again until it holds. The limit ends a broken test; it proves no speed. */
export function eventually(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 20_000, interval: 20 })
}
