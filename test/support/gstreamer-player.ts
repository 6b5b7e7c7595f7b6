import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { until } from './until.ts'

export type PlayerSays =
  | { event: 'opened'; session: string }
  | { event: 'refused'; status: number; body: string }
  | { event: 'trickled'; status: number }
  | { event: 'connection'; state: string }
  | { event: 'decoded'; video: number; audio: number }
  | { event: 'ended'; status: number }

const script = new URL('whep-player.py', import.meta.url).pathname
/** Debian's own Python: the one that has GStreamer's bindings. */
const python = '/usr/bin/python3'

/** GStreamer's webrtcbin playing by WHEP, in a process of its own. It ends its session when it is disposed. */
export class GstreamerPlayer implements AsyncDisposable {
  readonly said: PlayerSays[] = []
  #complaints = ''
  readonly #process: ChildProcess

  constructor(endpoint: string, key: string | null = null) {
    this.#process = spawn(python, [script, endpoint, ...(key ? [key] : [])], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4000)
    })
    createInterface({ input: this.#process.stdout! }).on('line', (line) => {
      this.said.push(JSON.parse(line) as PlayerSays)
      if (this.said.length > 1000) this.said.splice(0, 500)
    })
  }

  /** The first that it says of this kind, said already or to come. */
  async waitFor<Event extends PlayerSays['event']>(
    event: Event,
    isIt: (said: Extract<PlayerSays, { event: Event }>) => boolean = () => true,
  ): Promise<Extract<PlayerSays, { event: Event }>> {
    type Said = Extract<PlayerSays, { event: Event }>
    const ask = () => {
      if (this.#process.exitCode !== null) throw new Error(`the player has ended: ${this.#complaints}`)
      return this.said.find((said): said is Said => said.event === event && isIt(said as Said))
    }
    const explain = () => ({ said: this.said.slice(-10), complaints: this.#complaints })
    return until(`the player says ${event}`, ask, { explain })
  }

  /** Ends the session by DELETE, and the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.stdin!.end()
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), 5000)
    await exited
    clearTimeout(deadline)
  }
}
