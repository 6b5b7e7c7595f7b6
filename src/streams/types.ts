import type { Caller } from '../caller.ts'
import type { WeirError } from '../errors.ts'
import type { HealthView } from '../health/model.ts'
import type { ProcessFigures } from '../media/ffmpeg/types.ts'
import type { ProducerFigures } from '../media/mediasoup/types.ts'
import type { streams } from '../platform/database/tables.ts'
import type { FileSource, RtspTransport, TestPatternSource, UrlSourceKind } from './model.ts'
import type { StreamPolicyInput } from './policy.ts'

export type StreamRow = typeof streams.$inferSelect

/** As the API hands it over: exactly one member is set. */
export interface StreamSourceInput {
  url?: { url: string; kind?: UrlSourceKind | null; rtspTransport?: RtspTransport | null } | null
  file?: Omit<FileSource, 'kind'> | null
  testPattern?: Omit<TestPatternSource, 'kind'> | null
}
export interface CreateStreamInput {
  name: string
  source: StreamSourceInput
  labels?: unknown
  maxConsumers?: number | null
  /** It starts with its first session, and stops when the last has been gone for a while. */
  onDemand?: boolean | null
  start?: boolean
  recovery?: StreamPolicyInput | null | undefined
}
/** Absent keeps, null resets. */
export interface UpdateStreamInput {
  name?: string
  source?: StreamSourceInput
  labels?: unknown
  maxConsumers?: number | null
  onDemand?: boolean | null
  recovery?: StreamPolicyInput | null
}

export type StreamOrder = 'START' | 'STOP' | 'RESTART'

/** Use cases of streams. Every method needs the WRITE scope and answers with the row after the change. */
export interface StreamService {
  create(caller: Caller, input: CreateStreamInput, idempotencyKey?: string | null): Promise<StreamRow>
  update(caller: Caller, id: string, input: UpdateStreamInput): Promise<StreamRow>
  delete(caller: Caller, id: string): Promise<StreamRow>
  order(caller: Caller, id: string, order: StreamOrder): Promise<StreamRow>
  /** At most 100 ids; one answer an id, in their order; one failure does not stop the others. */
  orderMany(
    caller: Caller,
    ids: string[],
    order: StreamOrder,
  ): Promise<{ id: string; stream: StreamRow | null; error: WeirError | null }[]>
}

/** What the node that runs a stream measures right now. */
export interface StreamFigures {
  streamId: string
  process: ProcessFigures | null
  producers: ProducerFigures[]
  viewers: number
  /** As judged with these figures. */
  health: HealthView
  /** When that was, in ms since the epoch; null before the first time. */
  healthAt: number | null
}

/** Conversations with the nodes that run streams; a stream that no node runs is absent from the answer. */
export interface LiveFigures {
  read(streamIds: string[]): Promise<Map<string, StreamFigures>>
}
