import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One player that connects: the server's port and ICE credentials. */
export interface SinkTarget {
  port: number
  usernameFragment: string
  password: string
}

/** What its process is told: a player to send, or to be done with all that is not receiving. */
export type SinkOrder = (SinkTarget & { pem: string }) | 'quiet'

/**
 * Any number of players that connect by real ICE and DTLS, and then take what comes: once frozen, their sockets are there and nobody reads
 * them, so that receiving costs as little as can be.
 */
export class SrtpSink implements Disposable {
  readonly fingerprint: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'weir-bench-sink-'))
  readonly #pem = join(this.#folder, 'sink.pem')
  readonly #process: ChildProcess

  constructor() {
    const [key, certificate] = [join(this.#folder, 'key.pem'), join(this.#folder, 'certificate.pem')]
    const named = ['-subj', '/CN=sink', '-keyout', key, '-out', certificate]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...curve, ...named], { stdio: 'ignore' })
    execFileSync('sh', ['-c', 'cat "$1" "$2" > "$3"', 'sh', key, certificate, this.#pem])
    this.fingerprint = new X509Certificate(readFileSync(certificate)).fingerprint256
    this.#process = fork(new URL('srtp-sink-process.ts', import.meta.url))
  }

  /** Sends a player there. Whether it is connected is for the server to say. */
  connect(target: SinkTarget): void {
    this.#process.send({ ...target, pem: this.#pem } satisfies SinkOrder)
  }

  /** From here on nothing is read. */
  async freeze(): Promise<void> {
    const quiet = once(this.#process, 'message')
    this.#process.send('quiet' satisfies SinkOrder)
    await quiet
    this.#process.kill('SIGSTOP')
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
