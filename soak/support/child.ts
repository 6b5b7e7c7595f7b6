import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process that ends with ours, however ours ends. What it says on stderr is kept, the last 4,000 characters. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess
  readonly #ended: Promise<unknown>
  #complaints = ''
  #wanted = true

  constructor(
    command: string,
    args: string[],
    options: { stdio?: SpawnOptions['stdio']; onUnexpectedEnd(what: string): void },
  ) {
    // The kernel kills it when its parent is gone, also after a SIGKILL of ours.
    this.process = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], {
      stdio: options.stdio ?? ['ignore', 'ignore', 'pipe'],
    })
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000)
    })
    this.#ended = once(this.process, 'exit')
    this.process.once('exit', (code, signal) => {
      if (this.#wanted) options.onUnexpectedEnd(`${command} ended (${code ?? signal}): ${this.#complaints.slice(-400)}`)
    })
  }

  get pid(): number {
    return this.process.pid!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = false
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill('SIGKILL')
    await this.#ended
  }
}
