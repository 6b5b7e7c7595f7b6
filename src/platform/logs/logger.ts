/** What the rest of the house sees of logging. Context first, then a sentence without figures in it. */
export interface Logger {
  trace(context: object, message: string): void
  debug(context: object, message: string): void
  info(context: object, message: string): void
  warn(context: object, message: string): void
  error(context: object, message: string): void
  fatal(context: object, message: string): void
  child(bindings: Record<string, unknown>): Logger
}

/** For tests and tools that don't want to see anything. */
export const silentLogger: Logger = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  fatal() {},
  child: () => silentLogger,
}
