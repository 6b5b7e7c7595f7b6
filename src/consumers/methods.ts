import type { SessionMethods } from './media.ts'

/**
 * What this node does for sessions, for itself and for other nodes. `settle` writes down what is noticed: who asks for a session to be paused
 * then reads that it is.
 */
export function sessionMethods(local: SessionMethods, settle: () => Promise<void>): SessionMethods {
  return {
    openTransport: (body) => local.openTransport(body),
    openWhep: (body) => local.openWhep(body),
    consume: (body) => local.consume(body),
    connect: (body) => local.connect(body),
    async setPaused(body) {
      await local.setPaused(body)
      await settle()
    },
    restartIce: (body) => local.restartIce(body),
    patchWhep: (body) => local.patchWhep(body),
    close: (body) => local.close(body),
    sessionFigures: (body) => local.sessionFigures(body),
  }
}
