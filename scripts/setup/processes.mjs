import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { constants as osConstants } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
const tailLines = 40

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
/** @type {Set<() => void>} */
const cleanups = new Set()
/** @type {NodeJS.Signals | null} */
let stoppedBy = null

function stop(/** @type {NodeJS.Signals} */ signal) {
  stoppedBy = signal
  for (const child of running) child.kill(signal)
  if (running.size === 0) endStopped()
}

function endStopped() {
  for (const cleanup of cleanups) cleanup()
  process.exit(exitCodeOf(null, stoppedBy))
}

function watchSignals() {
  for (const signal of signals) if (!process.listeners(signal).includes(stop)) process.on(signal, stop)
}

/** Gives the signals back to whoever comes next. */
export function unwatchSignals() {
  for (const signal of signals) process.off(signal, stop)
}

/** The exit code that stands for a child's end: its own, or 128 and the signal's number as a shell has it. */
export function exitCodeOf(/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) {
  return code ?? 128 + (signal ? osConstants.signals[signal] : 0)
}

/** Has `cleanup` called when set-up is stopped by a signal; returns the way to take that back. */
export function whenStopped(/** @type {() => void} */ cleanup) {
  watchSignals()
  cleanups.add(cleanup)
  return () => cleanups.delete(cleanup)
}

/**
 * Runs a command to its end, without input. `tail` is the end of what it printed, both outputs together.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string | undefined, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} options
 * @returns {Promise<{ code: number, output: string, tail: string }>} `output` is the last 1 MB of standard output
 */
export function run(command, args, { cwd, env, onLine } = {}) {
  watchSignals()
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    /** @type {string[]} */
    const tail = []
    let output = ''
    const line = (/** @type {string} */ text) => {
      tail.push(text)
      if (tail.length > tailLines) tail.shift()
      onLine?.(text)
    }
    const endings = [child.stdout, child.stderr].map((stream) => {
      let rest = ''
      stream.setEncoding('utf8')
      stream.on('data', (/** @type {string} */ text) => {
        if (stream === child.stdout) output = (output + text).slice(-1024 * 1024)
        const lines = (rest + text).split(/\r?\n/)
        rest = (lines.pop() ?? '').slice(-64 * 1024)
        lines.forEach(line)
      })
      return () => rest && line(rest)
    })
    let failure = ''
    child.on('error', (error) => {
      failure = error.message
      if (child.pid === undefined) child.emit('close', 127, null)
    })
    child.on('close', (code, signal) => {
      if (!running.delete(child)) return
      if (stoppedBy) return running.size === 0 ? endStopped() : undefined
      for (const end of endings) end()
      if (failure) tail.push(failure)
      resolve({ code: exitCodeOf(code, signal), output, tail: tail.join('\n') })
    })
  })
}

/** Whether this path is a file that may be executed. */
export function isExecutable(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Debian keeps servers in sbin, which is not on an ordinary user's PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/**
 * The full path of the first of these commands that there is, or null.
 * @param {readonly string[]} names a name, or a path as it is
 * @param {NodeJS.ProcessEnv} env
 */
export function findCommand(names, env = process.env) {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...systemFolders]
  for (const name of names) {
    const candidates = isAbsolute(name) || name.includes('/') ? [name] : folders.map((folder) => join(folder, name))
    const found = candidates.find(isExecutable)
    if (found) return found
  }
  return null
}
