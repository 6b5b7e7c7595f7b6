import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PlantedFault, parseFaults, plant } from '../test/support/planted-faults.ts'

/** `node scripts/run.mjs scripts/faults.ts [NUMBER …]`: plants the faults of test/faults.md and runs the test of each, which must fail. */

const project = fileURLToPath(new URL('..', import.meta.url))
const leftOut = ['node_modules', '.git', 'data', 'media']

/** True where the fault's test noticed it. */
function isNoticed({ testFile, testName, changes }: PlantedFault): boolean {
  const copy = mkdtempSync(join(tmpdir(), 'weir-faults-'))
  try {
    cpSync(project, copy, { recursive: true, filter: (path) => !leftOut.some((name) => path === join(project, name)) })
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
    for (const change of changes) {
      const path = join(copy, change.file)
      writeFileSync(path, plant(readFileSync(path, 'utf8'), change))
    }
    const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
    const pattern = testName.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const report = join(copy, 'report.json')
    spawnSync(process.execPath, [vitest, 'run', testFile, '-t', pattern, '--reporter=json', `--outputFile=${report}`], {
      cwd: copy,
      stdio: 'ignore',
    })
    // A run that broke down before its test is no proof: the test itself must have failed.
    const { numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as { numFailedTests: number }
    return numFailedTests > 0
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 5 })
  }
}

const wanted = process.argv.slice(2).map(Number)
const all = parseFaults(readFileSync(join(project, 'test/faults.md'), 'utf8'))
const faults = all.filter(({ number }) => wanted.length === 0 || wanted.includes(number))
let missed = 0
for (const fault of faults) {
  const noticed = isNoticed(fault)
  if (!noticed) missed += 1
  console.log(`${noticed ? 'noticed' : 'MISSED '}  ${fault.number}. ${fault.title}`)
}
process.exitCode = missed === 0 && faults.length > 0 ? 0 : 1
