import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { ninjaProgress } from './ninja.mjs'
import { findCommand, run, whenStopped } from './processes.mjs'
import { progressLine, say } from './progress.mjs'
import { SetUpError } from './set-up-error.mjs'

const why = "builds mediasoup's worker, once a machine"

/** What the build needs, and how each is found: by its command, or by the header or pkg-config name of its library. */
const buildNeeds = [
  { command: 'cmake', packages: ['cmake'] },
  { command: 'g++', packages: ['g++'] },
  { command: 'ninja', packages: ['ninja-build'] },
  { command: 'pkg-config', packages: ['pkg-config'] },
  { command: 'flatc', packages: ['flatbuffers-compiler'] },
  { library: 'flatbuffers', packages: ['libflatbuffers-dev'] },
  { library: 'libuv', packages: ['libuv1-dev'] },
  { library: 'openssl', packages: ['libssl-dev'] },
  { library: 'libsrtp2', packages: ['libsrtp2-dev'] },
  { library: 'absl_strings', packages: ['libabsl-dev'] },
]

/** What the build needs and this machine lacks. */
export async function missingForBuild() {
  const hasPkgConfig = findCommand(['pkg-config']) !== null
  const needs = []
  for (const { command, library, packages } of buildNeeds) {
    const there = command
      ? findCommand([command]) !== null
      : hasPkgConfig && (await run('pkg-config', ['--exists', library ?? ''])).code === 0
    if (!there) needs.push({ what: command ?? `${library} (headers)`, why, packages })
  }
  return needs
}

/** The three ways out of a worker that can't be built here. */
export function buildFailure(/** @type {{ step: string, tail: string, log: string }} */ { step, tail, log }) {
  const end = tail.split('\n').filter((line) => ninjaProgress(line) === null)
  return (
    `The build of mediasoup's worker failed (${step}). The end of its log:\n\n${end.map((line) => `  ${line}`).join('\n')}\n\n` +
    `The whole log: ${log}\n` +
    'Ways out:\n' +
    '  - start again where github.com can be reached: the prebuilt worker of mediasoup is taken then;\n' +
    '  - build or fetch it elsewhere and start with MEDIASOUP_WORKER_BIN=/path/to/mediasoup-worker;\n' +
    '  - build on Debian 12, where scripts/mediasoup-worker is known to build (its README has the commands).'
  )
}

/**
 * Builds the worker from the installed package's own source into a new folder and moves it to `worker` when it runs.
 * @param {{ project: string, worker: string, runs: (path: string) => boolean }} options
 */
export async function buildWorker({ project, worker, runs }) {
  const folder = dirname(worker)
  const output = mkdtempSync(join(folder, 'build-'))
  const log = join(folder, 'build.log')
  const logFile = openSync(log, 'w')
  const remove = () => rmSync(output, { recursive: true, force: true })
  const forget = whenStopped(remove)
  const progress = progressLine("  building mediasoup's worker")
  const onLine = (/** @type {string} */ line) => {
    writeSync(logFile, `${line}\n`)
    const done = ninjaProgress(line)
    if (done !== null) progress.to(done)
  }
  const step = async (/** @type {string} */ command, /** @type {string[]} */ args) => {
    const { code, tail } = await run(command, args, { onLine })
    if (code === 0) return
    progress.end()
    throw new SetUpError(buildFailure({ step: `${command} ended with ${code}`, tail, log }))
  }
  try {
    say("mediasoup's worker is built from its source, once a machine: about 4 minutes on 2 cores …")
    const sources = join(project, 'scripts', 'mediasoup-worker')
    const packageWorker = join(project, 'node_modules', 'mediasoup', 'worker')
    await step('cmake', [
      '-G',
      'Ninja',
      '-S',
      sources,
      '-B',
      output,
      '-DCMAKE_BUILD_TYPE=Release',
      `-DWORKER=${packageWorker}`,
    ])
    await step('ninja', ['-C', output, '-j', String(Math.max(1, cpus().length))])
    progress.end()
    const fresh = join(output, 'mediasoup-worker')
    if (!runs(fresh)) throw new SetUpError(buildFailure({ step: 'it was built but does not run', tail: '', log }))
    renameSync(fresh, worker)
    say(`  kept in ${worker}`)
    return true
  } finally {
    closeSync(logFile)
    remove()
    forget()
  }
}
