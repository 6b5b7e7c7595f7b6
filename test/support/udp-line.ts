import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A UDP port of this machine that leads to another, for one player, and can be cut. */
export class UdpLine implements AsyncDisposable {
  readonly #near: Socket
  readonly #far: Socket
  #player: AddressInfo | null = null
  /** While it is, nothing comes through either way. */
  cut = false

  static async to(port: number): Promise<UdpLine> {
    const [near, far] = [createSocket('udp4').bind(0, '127.0.0.1'), createSocket('udp4')]
    far.connect(port, '127.0.0.1')
    await Promise.all([once(near, 'listening'), once(far, 'connect')])
    return new UdpLine(near, far)
  }

  private constructor(near: Socket, far: Socket) {
    this.#near = near
    this.#far = far
    near.on('message', (packet, from) => {
      this.#player = from
      if (!this.cut) far.send(packet)
    })
    far.on('message', (packet) => {
      if (!this.cut && this.#player) near.send(packet, this.#player.port, this.#player.address)
    })
  }

  get port(): number {
    return this.#near.address().port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [this.#near, this.#far].map((socket) => once(socket, 'close'))
    this.#near.close()
    this.#far.close()
    await Promise.all(closed)
  }
}
