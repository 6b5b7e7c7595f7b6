import type { Caller } from '../caller.ts'
import { parseIp } from '../network/ip.ts'
import { formatIp } from '../network/ip-text.ts'

/** Whose points a request takes: those of its project, of the session that its token stands for, or of the address of a caller without a key. */
export type CallerLane = 'project' | 'session' | 'address'

export interface Lane {
  name: CallerLane
  /** Different for each whose points are counted apart. */
  key: string
}

export function laneOf({ actor, projectId, session }: Caller, address: string | null): Lane {
  if (session) return { name: 'session', key: `session:${session.consumerId}` }
  if (actor.kind !== 'ANONYMOUS' && projectId !== null) return { name: 'project', key: `project:${projectId}` }
  return { name: 'address', key: `address:${networkOf(address)}` }
}

/** What counts as one address: of IPv6 a network of /64, for that is what one subscriber has at least. */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown'
  if (!address.includes(':')) return address
  const ip = parseIp(address)
  return ip ? `${formatIp({ family: 6, bits: (ip.bits >> 64n) << 64n })}/64` : 'unknown'
}

/**
 * What is not counted against callers, with how many requests a minute each node takes of it: from one address, or heartbeats of one project or session. So large
 * that nobody who does what it is for meets it, and small enough that it takes no node down.
 */
export const ownLanes = {
  /** Health for orchestrators, load balancers and VAS-MS's clients. */
  health: 60_000,
  metrics: 600,
  /** HLS: a player asks once or twice a second, and many may have one address. */
  media: 600_000,
  /** The page, its files, GraphiQL and what browsers ask before they ask. */
  pages: 6000,
  /** PATCH, DELETE and GET of WHEP sessions, whose addresses nobody can guess. */
  whep: 6000,
  /** Of a project: what gateways send for all their players. */
  projectHeartbeats: 12_000_000,
  /** Of a session by its token. */
  sessionHeartbeats: 600,
  /** Of a project, where the operation is none of the usual forms and costs ten times as much. */
  unusualHeartbeats: 60_000,
} as const

export type OwnLane = keyof typeof ownLanes

/** The lane of a request by its path; null for the API, which counts by caller, and for what nodes ask of one another. */
export function laneOfPath(method: string, path: string, metricsPaths: ReadonlySet<string>): OwnLane | null {
  if (metricsPaths.has(path)) return 'metrics'
  if (method === 'OPTIONS') return 'pages'
  if (path === '/graphql' || path.startsWith('/internal/')) return null
  if (path === '/health' || path.startsWith('/health/') || path.startsWith('/v2/health/')) return 'health'
  if (path.startsWith('/hls/')) return 'media'
  if (path.startsWith('/whep/')) return method === 'POST' ? null : 'whep'
  return 'pages'
}
