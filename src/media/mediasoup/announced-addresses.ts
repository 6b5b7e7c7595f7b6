/** The part of an entry of `os.networkInterfaces()` that counts here. */
export interface InterfaceAddress {
  address: string
  family: string
  internal: boolean
}

/** The addresses that players are told when none are set: every IPv4 address of this machine, outside ones first, then loopback. */
export function defaultAnnouncedAddresses(interfaces: Record<string, InterfaceAddress[] | undefined>): string[] {
  const addresses = Object.values(interfaces).flatMap((entries) => entries ?? [])
  const outside = addresses.filter((entry) => entry.family === 'IPv4' && !entry.internal).map((entry) => entry.address)
  return [...new Set([...outside, '127.0.0.1'])]
}
