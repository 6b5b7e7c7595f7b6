import { spawn } from 'node:child_process'
import { exitCodeOf, findCommand, unwatchSignals } from './processes.mjs'

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'])

/**
 * Goes on as `node args`: in this very process where Node.js can do that, else in a child that gets our signals, ends with
 * us, and whose exit code is ours. Does not return.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function handOver(node, args, env) {
  unwatchSignals()
  if (node === process.execPath && process.platform !== 'win32' && typeof process.execve === 'function') {
    process.execve(node, [node, ...args], /** @type {NodeJS.Dict<string>} */ (env))
  }
  // SIGKILL can't be passed on: the kernel does it there.
  const setpriv = process.platform === 'linux' ? findCommand(['setpriv'], env) : null
  const [command, ...rest] = setpriv ? [setpriv, '--pdeathsig', 'KILL', node, ...args] : [node, ...args]
  const child = spawn(command ?? node, rest, { env, stdio: 'inherit' })
  for (const signal of signals) {
    process.on(signal, () => {
      // A terminal sends its interrupt to the child as well.
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
  child.on('close', (code, signal) => process.exit(exitCodeOf(code, signal)))
}
