import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeTcpPort } from '../test/support/free-ports.ts'
import { until } from '../test/support/until.ts'
import { type Benchmark, median, percentile } from './support/figure.ts'

const rounds = 7
const goalMs = 3000
const project = new URL('..', import.meta.url).pathname

/** `npm start` on a folder that was used before, the server killed without warning: how long until it serves. */
export const secondStart: Benchmark = {
  name: 'second-start',
  title: 'The second npm start until it serves',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'weir-bench-start-'))
    try {
      const first = await startAndKill(folder)
      const later: number[] = []
      for (let round = 0; round < rounds; round += 1) later.push(await startAndKill(folder))
      return [50, 100].map((percent) => {
        const value = percentile(later, percent / 100)
        return {
          what: percent === 50 ? `after SIGKILL: median of ${rounds}` : `after SIGKILL: the longest of ${rounds}`,
          value,
          unit: 'ms',
          beside: { what: 'the first start, with an empty folder', value: first },
          goal: `at most ${goalMs} ms`,
          reached: median([value]) <= goalMs,
          samples: later,
        }
      })
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
}

async function startAndKill(folder: string): Promise<number> {
  const port = await freeTcpPort()
  const startedAt = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: project,
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      MEDIA_DIR: join(folder, 'media'),
      WEBRTC_PORT: '0',
      WEBRTC_LISTEN_IP: '127.0.0.1',
    },
  })
  const ended = once(child, 'exit')
  try {
    await until('the server serves', async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health/readiness`).catch(() => null)
      await response?.body?.cancel()
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`)
      return response?.ok
    })
    return performance.now() - startedAt
  } finally {
    // The whole group: npm, the set-up and the server.
    process.kill(-child.pid!, 'SIGKILL')
    await ended
  }
}
