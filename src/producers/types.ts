import type { Caller } from '../caller.ts'
import type { producers } from '../platform/database/tables.ts'
import type { MediaKind } from '../streams/model.ts'

export type ProducerRow = typeof producers.$inferSelect

/** Use cases of producers; both need the WRITE scope. */
export interface ProducerService {
  /** Makes a producer of a kind whose last one was closed. CONFLICT where one is open, INVALID_STATE where the stream isn't running or has no such track. */
  create(
    caller: Caller,
    input: { streamId: string; kind: MediaKind },
    idempotencyKey?: string | null,
  ): Promise<ProducerRow>
  /** Closed by order: it stays closed until its stream is restarted by order, or createProducer. */
  close(caller: Caller, id: string): Promise<ProducerRow>
}
