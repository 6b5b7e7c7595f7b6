import { networkOf } from '../limits/lanes.ts'
import { type AddressOf, createAddressOf } from './client-address.ts'

/**
 * Counts the WebSockets and event streams that each address has open, of IPv6 each network of /64. It is as large as there are connections, which the
 * server bounds.
 */
export class OpenSockets {
  readonly #counts = new Map<string, number>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** Takes a place; null where there is none left. What it answers gives the place back, once however often it is called. */
  take(address: string | null): (() => void) | null {
    const network = networkOf(address)
    const open = this.#counts.get(network) ?? 0
    if (open >= this.#max) return null
    this.#counts.set(network, open + 1)
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      const left = this.#counts.get(network)! - 1
      if (left === 0) this.#counts.delete(network)
      else this.#counts.set(network, left)
    }
  }

  /** Of all addresses together. */
  get total(): number {
    let total = 0
    for (const count of this.#counts.values()) total += count
    return total
  }
}

/** Who connects, and how much of that there may be at once. */
export interface Connections {
  addressOf: AddressOf
  openSockets: OpenSockets
}

/** Without proxies and without a bound. */
export const anyConnections = (): Connections => ({
  addressOf: createAddressOf([]),
  openSockets: new OpenSockets(Number.POSITIVE_INFINITY),
})
