import { defineConfig } from 'vitest/config'

const seconds = 1000

/**
 * Packages are found by the conditions that Node.js itself goes by. With Vite's own, `graphql` would come twice: its
 * development build for us, the other for the packages that import it, each taking the other's errors for strangers.
 */
const ssr = { resolve: { conditions: ['node', 'module-sync'] } }

/** Tests that start FFmpeg, mediasoup or Chromium: a file at a time, so that they don't take each other's processor. */
function oneAtATime(name: string, groupOrder: number, timeoutSeconds: number, globalSetup: string[] = []) {
  return {
    ssr,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      fileParallelism: false,
      globalSetup,
      sequence: { groupOrder },
      testTimeout: timeoutSeconds * seconds,
      hookTimeout: timeoutSeconds * seconds,
      // Not a bound on how long anything may take: a busy machine closes 2,000 transports slowly, too.
      expect: { poll: { timeout: 20 * seconds } },
    },
  }
}

const sideBySide = {
  globalSetup: ['test/support/databases-setup.ts'],
  sequence: { groupOrder: 0 },
  testTimeout: 30 * seconds,
  hookTimeout: 60 * seconds,
}

export default defineConfig({
  test: {
    projects: [
      {
        ssr,
        test: {
          ...sideBySide,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{media,e2e}/**'],
          globalSetup: [...sideBySide.globalSetup, 'test/support/client-build.ts'],
        },
      },
      // The other tests of store and API open both databases by themselves.
      {
        ssr,
        test: {
          ...sideBySide,
          name: 'postgresql',
          include: [
            'test/api/{access,cost,figures,health,http,metrics,recovery,system-health,timelines,websocket}.test.ts',
          ],
          env: { TEST_DATABASE: 'postgresql' },
        },
      },
      oneAtATime('media', 1, 90),
      oneAtATime('e2e', 2, 180, ['test/support/weir-template.ts', 'test/support/client-build.ts']),
    ],
  },
})
