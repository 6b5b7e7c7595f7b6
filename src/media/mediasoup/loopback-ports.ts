import { createSocket } from 'node:dgram'
import { WeirError } from '../../errors.ts'

export interface PortRange {
  min: number
  max: number
}

/** FFmpeg's own ports for one track: RTP on the even one, RTCP on the next. */
export interface PortPair {
  rtp: number
  rtcp: number
}

/**
 * Hands out pairs of UDP ports that FFmpeg will send from. Nobody holds them between two processes, so the range
 * should lie below the kernel's ephemeral ports; the start is random to keep two nodes on one machine apart.
 */
export class LoopbackPorts {
  readonly #range: PortRange
  readonly #taken = new Set<number>()
  #next: number

  constructor(range: PortRange, random: () => number) {
    this.#range = { min: range.min + (range.min % 2), max: range.max }
    this.#next = Math.floor(random() * this.#pairs())
  }

  get taken(): number {
    return this.#taken.size
  }

  /** A pair that can be bound now. Throws CAPACITY_EXCEEDED when there is none. */
  async allocate(): Promise<PortPair> {
    const pairs = this.#pairs()
    for (let tried = 0; tried < pairs; tried++) {
      const rtp = this.#range.min + 2 * (this.#next++ % pairs)
      if (this.#taken.has(rtp)) continue
      this.#taken.add(rtp)
      if ((await isFree(rtp)) && (await isFree(rtp + 1))) return { rtp, rtcp: rtp + 1 }
      this.#taken.delete(rtp)
    }
    throw new WeirError('CAPACITY_EXCEEDED', 'No UDP port is left for another track on this node.', {
      needed: 1,
      available: 0,
    })
  }

  release(pair: PortPair): void {
    this.#taken.delete(pair.rtp)
  }

  #pairs(): number {
    return Math.max(0, Math.floor((this.#range.max - this.#range.min + 1) / 2))
  }
}

/** Binds on every address, as FFmpeg may: that fails too where somebody has the port on loopback alone. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => {
      socket.close()
      resolve(false)
    })
    socket.bind(port, '0.0.0.0', () => socket.close(() => resolve(true)))
  })
}
