export const producerStates = ['CREATED', 'ACTIVE', 'PAUSED', 'CLOSED'] as const
export type ProducerState = (typeof producerStates)[number]

/** Why a producer was closed. ORDERED: by closeProducer, and it stays closed until its stream is restarted by order. */
export const producerCloseReasons = ['ORDERED', 'STREAM_STOPPED', 'STREAM_DELETED', 'TRACK_GONE', 'REPLACED'] as const
export type ProducerCloseReason = (typeof producerCloseReasons)[number]
