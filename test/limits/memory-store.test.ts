import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/limits/memory-store.ts'

test('each key has points of its own, which come back evenly', () => {
  let now = 0
  const store = createMemoryStore(() => now)
  for (let i = 0; i < 60; i++) expect(store.charge('a', 1, 60).accepted).toBe(true)
  expect(store.charge('a', 1, 60)).toMatchObject({ accepted: false, retryUs: 1_000_000, remaining: 0 })
  expect(store.charge('b', 1, 60).accepted).toBe(true)
  now = 1000
  expect(store.charge('a', 1, 60).accepted).toBe(true)
  expect(store.charge('a', 1, 60).accepted).toBe(false)
})

test('a spray of addresses does not grow it, and whoever is refused is not forgotten for it', () => {
  const store = createMemoryStore(() => 0, 1000)
  for (let i = 0; i < 5; i++) store.charge('busy', 1, 5)
  for (let i = 0; i < 100_000; i++) {
    store.charge(`spray ${i}`, 1, 5)
    if (i % 500 === 0) expect(store.charge('busy', 1, 5).accepted).toBe(false)
  }
  expect(store.size).toBe(1000)
})
