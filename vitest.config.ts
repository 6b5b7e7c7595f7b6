import { defineConfig } from 'vitest/config'

const seconds = 1000

/**
 * Packages are found by the conditions that Node.js itself goes by. With Vite's own, `graphql` would come twice: its
 * development build for us, the other for the packages that import it, each taking the other's errors for strangers.
 */
const ssr = { resolve: { conditions: ['node', 'module-sync'] } }

interface WithMedia {
  name: string
  include: string[]
  exclude?: string[]
  /** How many files run at a time. */
  files: number
  groupOrder: number
  timeoutSeconds: number
  globalSetup?: string[]
}

/** Tests that start FFmpeg, mediasoup or Chromium: few files at a time, so that they don't take each other's processor. */
function withMedia({ name, include, exclude = [], files, groupOrder, timeoutSeconds, globalSetup = [] }: WithMedia) {
  return {
    ssr,
    test: {
      name,
      include,
      exclude,
      maxWorkers: files,
      globalSetup,
      sequence: { groupOrder },
      testTimeout: timeoutSeconds * seconds,
      hookTimeout: timeoutSeconds * seconds,
      // Not a bound on how long anything may take: a busy machine closes 2,000 transports slowly, too.
      expect: { poll: { timeout: 20 * seconds } },
    },
  }
}

/** What takes a whole machine, or measures what another test beside it would change. */
const measuring = ['test/e2e/{av-sync,health-good,outage,players,sessions-model,sessions-stall}.test.ts']
const e2eSetup = ['test/support/weir-template.ts', 'test/support/client-build.ts']

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
      withMedia({ name: 'media', include: ['test/media/**/*.test.ts'], files: 2, groupOrder: 1, timeoutSeconds: 90 }),
      // They wait more than they compute: two cores carry two of them.
      withMedia({
        name: 'e2e',
        include: ['test/e2e/**/*.test.ts'],
        exclude: measuring,
        files: 2,
        groupOrder: 2,
        timeoutSeconds: 180,
        globalSetup: e2eSetup,
      }),
      withMedia({
        name: 'e2e-alone',
        include: measuring,
        files: 1,
        groupOrder: 3,
        timeoutSeconds: 180,
        globalSetup: e2eSetup,
      }),
    ],
  },
})
