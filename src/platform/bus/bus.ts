/**
 * Wake-ups and latest values between parts and nodes. Never truth: a message may be lost or come twice, and whoever
 * listens also polls. In process, by NOTIFY, or Redis.
 */
export interface Bus {
  publish(topic: BusTopic, id: string): void
  /** Calls `listener` with the id of each message; returns the way to stop. */
  subscribe(topic: BusTopic, listener: (id: string) => void): () => void
  /**
   * Sends a message to this process and resolves when it has come all the way over the wire. Rejects once `signal` is
   * aborted, or when the bus is closed.
   */
  roundTrip(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * orders: a stream's orders changed (id of the stream), for media nodes.
 * streams: a stream, its producers or its figures changed (id of the stream), for subscriptions.
 * consumers: a session has closed or changed (its id), for the nodes that hear of it and for its subscribers.
 * events: the log has new numbered events (last cursor).
 * keys: a key was revoked (its id), or a project was made or changed (its id), for whoever remembers what they open.
 * ping: a round trip, heard by nobody but who sent it.
 */
export const busTopics = ['orders', 'streams', 'consumers', 'events', 'keys', 'ping'] as const
export type BusTopic = (typeof busTopics)[number]
