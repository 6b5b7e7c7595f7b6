// `npm test`: set-up for tests, then types, lint and all tests. With arguments only vitest, with those arguments.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProject } from './setup/places.mjs'
import { exitCodeOf, unwatchSignals } from './setup/processes.mjs'
import { duration } from './setup/progress.mjs'
import { orExplain, setUp } from './setup/set-up.mjs'
import { countTests, summaryLine } from './setup/summary.mjs'

/** A test run that hangs is a failure, not a run without an end. */
const deadlineMs = 25 * 60 * 1000
const endGraceMs = 10_000

const args = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }

/**
 * Runs a step with our own outputs to its end, or to the deadline. Resolves with its exit code.
 * @param {string} name
 * @param {string} node
 * @param {readonly string[]} nodeArgs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function step(name, node, nodeArgs, env) {
  console.log(`\n── ${name}`)
  const startedAt = Date.now()
  return new Promise((resolve) => {
    const child = spawn(node, nodeArgs, { env, cwd: inProject('.'), stdio: ['ignore', 'inherit', 'inherit'] })
    const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward)
    /** @type {NodeJS.Timeout | undefined} */
    let kill
    const deadline = setTimeout(() => {
      console.log(`── ${name} takes longer than ${duration(deadlineMs / 1000)}: it is ended`)
      child.kill('SIGTERM')
      kill = setTimeout(() => child.kill('SIGKILL'), endGraceMs)
    }, deadlineMs)
    child.on('close', (code, signal) => {
      clearTimeout(deadline)
      clearTimeout(kill)
      process.off('SIGINT', forward).off('SIGTERM', forward)
      const exitCode = exitCodeOf(code, signal)
      console.log(
        `── ${name}: ${exitCode === 0 ? 'passed' : `failed (${exitCode})`} in ${duration((Date.now() - startedAt) / 1000)}`,
      )
      resolve(exitCode)
    })
  })
}

async function everything() {
  const { node, env } = await setUp('tests')
  unwatchSignals()
  const steps = /** @type {const} */ ([
    ['types', ['node_modules/typescript/bin/tsc']],
    ['lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '.']],
  ])
  for (const [name, command] of args.length === 0 ? steps : []) {
    if ((await step(name, node, command, env)) === 0) total.passed++
    else total.failed++
  }
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'))
  const reportFile = join(folder, 'report.json')
  try {
    const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
    const exitCode = await step('tests', node, ['node_modules/vitest/vitest.mjs', 'run', ...reporting, ...args], env)
    let report = null
    try {
      report = JSON.parse(readFileSync(reportFile, 'utf8'))
    } catch {}
    const counts = countTests(report, exitCode)
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await orExplain(everything)
if (process.exitCode === 1) total.failed++
console.log(`\n${summaryLine(total)}`)
process.exitCode = total.failed === 0 ? 0 : 1
