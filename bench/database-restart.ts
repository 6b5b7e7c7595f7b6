import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadFigures, OpenFigures } from './support/database-load.ts'
import type { Benchmark } from './support/figure.ts'

const hours = Number(process.env.BENCH_HOURS ?? 12)
const streamCount = 20
const goalOpenMs = 3000
const goalWalMegabytes = 64
const goalTaskMs = 100
const loadFile = fileURLToPath(new URL('support/database-load.ts', import.meta.url))

/** The embedded database after 12 h of load and a SIGKILL, with housekeeping and beside it without. */
export const databaseRestart: Benchmark = {
  name: 'database-restart',
  title: `The embedded database after ${hours} h of ${streamCount} streams and SIGKILL`,
  async run() {
    const ours = await measure('yes')
    const unkept = await measure('no')
    return [
      {
        what: 'opens again in',
        value: ours.killed.wallMs,
        unit: 'ms',
        beside: { what: 'without housekeeping', value: unkept.killed.wallMs },
        goal: `at most ${goalOpenMs} ms`,
        reached: ours.killed.wallMs <= goalOpenMs,
      },
      {
        what: 'processor time of that',
        value: ours.killed.cpuMs,
        unit: 'ms',
        beside: { what: 'after a clean close', value: ours.closed.cpuMs },
        goal: `at most ${goalOpenMs} ms`,
        reached: ours.killed.cpuMs <= goalOpenMs,
      },
      {
        what: 'write-ahead log left behind',
        value: ours.walMegabytes,
        unit: 'MB',
        beside: { what: 'without housekeeping', value: unkept.walMegabytes },
        goal: `at most ${goalWalMegabytes} MB`,
        reached: ours.walMegabytes <= goalWalMegabytes,
      },
      {
        what: "the longest that housekeeping took the server's thread",
        value: ours.load.worstTaskMs,
        unit: 'ms',
        goal: `at most ${goalTaskMs} ms`,
        reached: ours.load.worstTaskMs <= goalTaskMs,
      },
    ]
  },
}

async function measure(keepHouse: 'yes' | 'no') {
  const dataDir = mkdtempSync(join(tmpdir(), 'weir-bench-database-'))
  try {
    const load: LoadFigures = JSON.parse(await run('load', dataDir, hours, streamCount, keepHouse))
    const walMegabytes = folderBytes(join(dataDir, 'database', 'pg_wal')) / 2 ** 20
    const killed: OpenFigures = JSON.parse(await run('open', dataDir))
    const closed: OpenFigures = JSON.parse(await run('open', dataDir))
    return { load, walMegabytes, killed, closed }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function run(...args: (string | number)[]): Promise<string> {
  const child = spawn(process.execPath, [loadFile, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await once(child, 'close')
  return output
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const entry = statSync(join(folder, name))
    return entry.isFile() ? sum + entry.size : sum
  }, 0)
}
