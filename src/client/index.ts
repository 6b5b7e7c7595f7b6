export { type Client, type ClientOptions, type Credential, createClient } from './client.ts'
export type { ConnectionStatus } from './connection.ts'
export { document, type TypedDocument } from './document.ts'
export { type ErrorCode, type ErrorDetails, type FieldError, WeirError } from './errors.ts'
export * from './operations/index.ts'
export type { RequestOptions } from './request.ts'
export type { SubscriptionHandlers } from './subscription.ts'
export type { HlsLibrary } from './watch/hls.ts'
export type { MediasoupLibrary } from './watch/mediasoup.ts'
export {
  type CloseReason,
  idleStatus,
  type PlayerFigures,
  type PlayerPhase,
  type PlayerStatus,
  type Transport,
} from './watch/model.ts'
export type { Watch, WatchOptions } from './watch/player.ts'
