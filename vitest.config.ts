import { defineConfig } from 'vitest/config'

const seconds = 1000

/** Tests that start FFmpeg, mediasoup or Chromium: a file at a time, so that they don't take each other's processor. */
function oneAtATime(name: string, groupOrder: number, timeoutSeconds: number) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      fileParallelism: false,
      sequence: { groupOrder },
      testTimeout: timeoutSeconds * seconds,
      hookTimeout: timeoutSeconds * seconds,
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{media,e2e}/**'],
          globalSetup: ['test/support/databases-setup.ts'],
          sequence: { groupOrder: 0 },
          testTimeout: 30 * seconds,
          hookTimeout: 60 * seconds,
        },
      },
      oneAtATime('media', 1, 90),
      oneAtATime('e2e', 2, 180),
    ],
  },
})
