import type { GatedSource } from '../../sources/gate.ts'

/**
 * What FFmpeg gets in its environment for a source behind the gate: whatever it may be led to by HTTP, it asks the gate for it, as of a proxy.
 * A list of addresses that comes encrypted is read by FFmpeg alone.
 */
export function gateEnvironment(gated: GatedSource | null | undefined): Record<string, string> {
  if (!gated) return {}
  const { protocol, host, pathname } = new URL(gated.source.url)
  // Its token tells the gate whose FFmpeg asks.
  return protocol === 'http:' ? { http_proxy: `http://${pathname.split('/')[1]}:gate@${host}` } : {}
}
