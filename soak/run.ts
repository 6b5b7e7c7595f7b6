import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { databaseAway } from './database-away.ts'
import { ffmpegKills } from './ffmpeg-kills.ts'
import { goodVideo } from './good-video.ts'
import { hostileLoad } from './hostile-load.ts'
import { nodeKills } from './node-kills.ts'
import { sessions } from './sessions.ts'
import { commitOfProject } from './support/commit.ts'
import type { Outcome, Part, Run } from './support/part.ts'

/**
 * `npm run soak -- NAME [--hours H | --minutes M] [--kills N] [--pauses N] [--streams N] [--spacing SECONDS]
 * [--warm-up SECONDS] [--noise] [--write]`: long runs of the real server under what can go wrong. Exit code 1 where a bound was broken. With `--write` every figure goes to soak/results/.
 */
const parts: Part[] = [goodVideo, ffmpegKills, nodeKills, databaseAway, sessions, hostileLoad]

function usage(): number {
  console.error('Usage: npm run soak -- NAME [--hours H | --minutes M] [--kills N] [--pauses N]')
  console.error('                            [--streams N] [--spacing SECONDS] [--warm-up SECONDS] [--noise] [--write]')
  for (const { name, title } of parts) console.error(`  ${name}: ${title}`)
  return 2
}

function show({ rows, broken }: Outcome): void {
  const width = Math.max(...rows.map(({ what }) => what.length))
  for (const { what, value, bound } of rows) {
    const shown = typeof value === 'number' ? Number(value.toFixed(3)) : value
    console.log(`  ${what.padEnd(width)}  ${shown}${bound ? `  (${bound})` : ''}`)
  }
  console.log(
    broken.length === 0 ? '\nNo bound was broken.' : `\nBroken:\n${broken.map((one) => `  ${one}`).join('\n')}`,
  )
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      hours: { type: 'string' },
      minutes: { type: 'string' },
      kills: { type: 'string' },
      pauses: { type: 'string' },
      'warm-up': { type: 'string' },
      streams: { type: 'string' },
      spacing: { type: 'string' },
      noise: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  const part = parts.find(({ name }) => name === positionals[0])
  const numbers = [
    values.hours,
    values.minutes,
    values.kills,
    values.pauses,
    values['warm-up'],
    values.streams,
    values.spacing,
  ].filter((v) => v != null)
  if (!part || positionals.length !== 1 || numbers.some((number) => !(Number(number) >= 0))) return usage()

  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
  const number = (text: string | undefined) => (text === undefined ? null : Number(text))
  const run: Run = {
    minutes: number(values.minutes) ?? (values.hours === undefined ? null : Number(values.hours) * 60),
    kills: number(values.kills),
    pauses: number(values.pauses),
    streams: number(values.streams),
    spacingSeconds: number(values.spacing) ?? 60,
    warmUpSeconds: number(values['warm-up']) ?? 60,
    noise: values.noise,
    signal: interrupted.signal,
    say: (text) => console.log(`${new Date().toISOString()} ${text}`),
    pause: (ms) => setTimeout(ms, undefined, { signal: interrupted.signal }),
  }
  const startedAt = new Date().toISOString()
  run.say(part.title)
  let outcome: Outcome
  try {
    outcome = await part.run(run)
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
    console.error('interrupted: all that was started has been ended')
    return 130
  }
  console.log()
  show(outcome)
  if (values.write) {
    const results = new URL('results/', import.meta.url)
    await mkdir(results, { recursive: true })
    const name = `${part.name}${run.noise ? '-noise' : ''}.json`
    const machine = {
      cores: cpus().length,
      processor: cpus()[0]?.model ?? null,
      memoryBytes: totalmem(),
      node: process.version,
    }
    const result = {
      name: part.name,
      startedAt,
      endedAt: new Date().toISOString(),
      commit: await commitOfProject(),
      machine,
      ...outcome,
    }
    await writeFile(new URL(name, results), `${JSON.stringify(result, null, 2)}\n`)
    console.log(`Written to soak/results/${name}`)
  }
  return outcome.broken.length === 0 ? 0 : 1
}

// An idle keep-alive connection must not hold us.
process.exit(await main())
