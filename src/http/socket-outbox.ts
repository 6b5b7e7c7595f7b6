import type { WebSocket } from 'ws'

/** What may wait in this process to be sent on one socket, beside one message and the answers of the operations that run. */
export const maxWaitingBytes = 1024 * 1024
/** A client that does not read until less waits is ended. */
export const slowReaderMs = 5000

/**
 * What a socket's client has not read yet. Sending is over when the bytes have left; above the bound it waits before, so that each operation holds one
 * answer at most, and a client that makes it wait for too long is ended.
 */
export class Outbox {
  readonly #socket: WebSocket
  readonly #slowMs: number
  readonly #onSlow: () => void
  #waiting: (() => void)[] = []
  #timer: NodeJS.Timeout | null = null

  constructor(socket: WebSocket, onSlow: () => void, slowMs = slowReaderMs) {
    this.#socket = socket
    this.#slowMs = slowMs
    this.#onSlow = onSlow
    socket.once('close', () => this.#goOn())
  }

  /** Resolves when the bytes have left, or at once where the socket is no longer open. Bytes have to be of UTF-8. */
  send(text: string | Buffer): Promise<void> {
    return this.#socket.bufferedAmount > maxWaitingBytes ? this.#sendLater(text) : this.#write(text)
  }

  async #sendLater(text: string | Buffer): Promise<void> {
    while (this.#isOpen && this.#socket.bufferedAmount > maxWaitingBytes) await this.#room()
    await this.#write(text)
  }

  #write(text: string | Buffer): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (!this.#isOpen) return resolve()
      this.#socket.send(text, { binary: false }, (error) => {
        if (this.#waiting.length > 0 && this.#socket.bufferedAmount <= maxWaitingBytes) this.#goOn()
        if (error) reject(error)
        else resolve()
      })
    })
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  #room(): Promise<void> {
    this.#timer ??= setTimeout(() => this.#onSlow(), this.#slowMs)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #goOn(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
