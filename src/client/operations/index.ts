export * from './reservations.ts'
export * from './sessions.ts'
export * from './streams.ts'
