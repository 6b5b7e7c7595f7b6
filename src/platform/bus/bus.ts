/**
 * Wake-ups and latest values between parts and nodes. Never truth: a message may be lost or come twice, and whoever
 * listens also polls. In process, by NOTIFY, or Redis.
 */
export interface Bus {
  publish(topic: BusTopic, id: string): void
  /** Calls `listener` with the id of each message; returns the way to stop. */
  subscribe(topic: BusTopic, listener: (id: string) => void): () => void
  close(): Promise<void>
}

/**
 * orders: a stream's orders changed (id of the stream), for media nodes.
 * streams: a stream, its producers or its figures changed (id of the stream), for subscriptions.
 * events: the log has new numbered events (last cursor).
 */
export const busTopics = ['orders', 'streams', 'events'] as const
export type BusTopic = (typeof busTopics)[number]
