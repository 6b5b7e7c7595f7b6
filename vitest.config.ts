import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Without this our own modules get graphql's development build and everything in node_modules the other one: two
  // copies, and no instanceof holds between them.
  ssr: { resolve: { conditions: ['module-sync', 'node', 'default'] } },
})
