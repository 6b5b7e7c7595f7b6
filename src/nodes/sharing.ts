/** How nodes share what nobody runs: the one with the most room is first, the others wait. Pure. */

/** What is known of a node that lives. */
export interface NodeLoad {
  id: string
  /** The most streams that it takes. */
  capacity: number
  streams: number
  draining: boolean
}

/** How long each node that is better placed is let go first, and the most that anybody waits: then whoever is there takes it. */
export const stepMs = 600
export const longestWaitMs = 3000

/** Loads nearer to each other than this share of a node count as the same. */
const sameLoad = 0.02

/**
 * How long `selfId` leaves a free resource to others. They rank by their share of streams with one more on each; among equal ones
 * it is chance, but the same chance for all who reckon: so many that come at once are spread, though nobody has counted anew.
 */
export function claimDelayMs(nodes: readonly NodeLoad[], selfId: string, resourceId: string): number {
  const self = nodes.find((node) => node.id === selfId)
  if (!self) return longestWaitMs
  const better = nodes.filter(
    (node) => node.id !== selfId && takesMore(node) && isBetter(node, self, resourceId),
  ).length
  return Math.min(better * stepMs, longestWaitMs)
}

/** Is there anybody else who could take `count` more streams? */
export function othersTake(nodes: readonly NodeLoad[], selfId: string, count = 1): boolean {
  return nodes.some((node) => node.id !== selfId && !node.draining && node.streams + count <= node.capacity)
}

function takesMore({ draining, streams, capacity }: NodeLoad): boolean {
  return !draining && streams < capacity
}

function isBetter(node: NodeLoad, self: NodeLoad, resourceId: string): boolean {
  const difference = loadOf(node) - loadOf(self)
  // On small nodes one stream is a large share, and is a difference.
  const margin = Math.min(sameLoad, 0.5 / Math.max(node.capacity, self.capacity))
  if (Math.abs(difference) > margin) return difference < 0
  return chance(node.id, resourceId) < chance(self.id, resourceId)
}

function loadOf({ streams, capacity }: NodeLoad): number {
  return (streams + 1) / capacity
}

/** FNV-1a of both, mixed once more: even, and the same everywhere. */
function chance(nodeId: string, resourceId: string): number {
  let hash = 0x811c9dc5
  for (const letter of `${resourceId}/${nodeId}`) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
