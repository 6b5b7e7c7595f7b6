import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { databaseRestart } from './database-restart.ts'
import { fanOut } from './fan-out.ts'
import { firstFrame } from './first-frame.ts'
import { heartbeatsBench } from './heartbeats.ts'
import { killed } from './killed.ts'
import { samples } from './samples.ts'
import { secondStart } from './second-start.ts'
import { sessions } from './sessions.ts'
import { srtpConsumers } from './srtp-consumers.ts'
import { startToPacket } from './start-to-packet.ts'
import { streamCost } from './stream-cost.ts'
import { type Benchmark, type Figure, ratio, rounded } from './support/figure.ts'
import { performancePage, type Result } from './support/performance-page.ts'
import { whepOpen } from './whep-open.ts'

/** `npm run bench [-- NAME …]`: measures, prints, and writes bench/results/NAME.json. With `--write` the newest result of each becomes docs/performance.md. */
const benchmarks: Benchmark[] = [
  startToPacket,
  firstFrame,
  killed,
  streamCost,
  secondStart,
  databaseRestart,
  fanOut,
  samples,
  srtpConsumers,
  sessions,
  heartbeatsBench,
  whepOpen,
]

const results = new URL('results/', import.meta.url)
const resultFile = ({ name }: Benchmark) => new URL(`${name}.json`, results)
const page = new URL('../docs/performance.md', import.meta.url)

function show(figure: Figure): string {
  const beside = figure.beside
    ? `; ${figure.beside.what}: ${rounded(figure.beside.value)} ${figure.unit}, ratio ${rounded(ratio(figure) ?? 0)}`
    : ''
  const verdict = figure.reached ? 'reached' : 'NOT reached'
  return `  ${figure.what}: ${rounded(figure.value)} ${figure.unit}${beside}; goal ${figure.goal}: ${verdict}`
}

async function main(args: string[]): Promise<number> {
  const write = args.includes('--write')
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name))
  if (unknown.length > 0) {
    console.error(`Usage: npm run bench [-- NAME …] [--write]\nNames: ${benchmarks.map(({ name }) => name).join(', ')}`)
    return 2
  }
  await mkdir(results, { recursive: true })
  for (const benchmark of benchmarks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n${benchmark.title}`)
    const figures = await benchmark.run()
    for (const figure of figures) console.log(show(figure))
    const result: Result = { title: benchmark.title, name: benchmark.name, at: new Date().toISOString(), figures }
    await writeFile(resultFile(benchmark), `${JSON.stringify(result, null, 2)}\n`)
  }
  if (write) {
    const machine = { cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown', node: process.version }
    const newest = await Promise.all(benchmarks.map(newestResult))
    await writeFile(
      page,
      performancePage(
        newest.filter((result) => result !== null),
        machine,
      ),
    )
  }
  return 0
}

/** Null: it has not been run on this machine, and the page says nothing of it. */
async function newestResult(benchmark: Benchmark): Promise<Result | null> {
  try {
    return JSON.parse(await readFile(resultFile(benchmark), 'utf8')) as Result
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

// Servers and browsers have ended by now; an idle keep-alive connection must not hold us.
process.exit(await main(process.argv.slice(2)))
