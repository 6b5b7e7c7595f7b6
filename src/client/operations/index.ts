export * from './sessions.ts'
export * from './streams.ts'
