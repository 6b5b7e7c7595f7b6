import type { Caller } from '../caller.ts'
import { WeirError } from '../errors.ts'
import { type IpRange, isWithin, parseIp } from '../network/ip.ts'
import { ipKind } from '../network/ip-kind.ts'
import { requireScope } from '../projects/scopes.ts'

export interface MetricsRequest {
  /** The client's; null where it isn't known. */
  address: string | null
  /** It says that it was forwarded, and who for isn't known, since that was no trusted proxy: the address is somebody else's. */
  isForwarded: boolean
  key: string | null
}

export interface MetricsAccessDeps {
  /** METRICS_ALLOW_CIDRS; null: loopback and private addresses. */
  allowed: readonly IpRange[] | null
  /** Whose key it is. Throws UNAUTHENTICATED. */
  identify: (key: string, address: string | null) => Promise<Caller>
  /** The metrics are of all projects: they are the operator's, whose keys are of this one. */
  operatorProjectId: string
}

/** May the metrics be read? Throws UNAUTHENTICATED or FORBIDDEN. */
export function createMetricsAccess(deps: MetricsAccessDeps): (request: MetricsRequest) => Promise<void> {
  return async ({ address, isForwarded, key }) => {
    if (!isForwarded && isNear(address, deps.allowed)) return
    if (key === null) {
      const message = 'From here the metrics need a key with READ of the first project (METRICS_ALLOW_CIDRS).'
      throw new WeirError('UNAUTHENTICATED', message)
    }
    const caller = await deps.identify(key, address)
    if (requireScope(caller, 'READ') === deps.operatorProjectId) return
    throw new WeirError('FORBIDDEN', 'The metrics are of all projects: only keys of the first one may read them.')
  }
}

/** Whether an address may read the metrics without a key. */
export function isNear(address: string | null, allowed: readonly IpRange[] | null): boolean {
  const ip = address === null ? null : parseIp(address)
  if (!ip) return false
  if (allowed) return allowed.some((range) => isWithin(ip, range))
  const kind = ipKind(ip)
  return kind === 'LOOPBACK' || kind === 'PRIVATE'
}
