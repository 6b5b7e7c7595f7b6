import { once } from 'node:events'
import { createEventHub } from '../../src/events/hub.ts'
import type { NewEvent } from '../../src/events/model.ts'
import { type Numbering, startNumbering } from '../../src/events/numbering.ts'
import { appendEvents } from '../../src/events/store.ts'
import { createGraphql, type GraphqlDeps } from '../../src/http/graphql.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import type { TestApi } from './api.ts'
import { serveTestApi, type TestApiServer } from './api-server.ts'

/** An event of a subject; `subjectId` is also its name. */
export function logEvent(projectId: string, subjectId: string, padding = ''): NewEvent {
  return { type: 'node.stopped', projectId, subjectId, data: { name: padding || subjectId } }
}

/** A server that numbers the log itself, as a node does. */
export interface LogServer {
  api: TestApi
  server: TestApiServer
  numbering: Numbering
  append(...events: NewEvent[]): Promise<void>
  close(): Promise<void>
}

/** The same API and project once more, with nothing left in memory: what a restart leaves. */
export async function startLogServer(
  api: TestApi,
  db: Database,
  changes: Partial<GraphqlDeps> = {},
): Promise<LogServer> {
  const { bus } = api.deps
  const deps: GraphqlDeps = { ...api.deps, eventHub: createEventHub({ db, bus, logger: silentLogger }), ...changes }
  const own: TestApi = { ...api, deps, graphql: createGraphql(deps) }
  const server = await serveTestApi(own)
  const numbering = startNumbering({ db, bus, logger: silentLogger })
  return {
    api: own,
    server,
    numbering,
    async append(...events) {
      await appendEvents(db, events)
      numbering.wake()
    },
    async close() {
      await server.close()
      await numbering.stop()
    },
  }
}

/** A bare socket that has said connection_init; its frames come by `next`. */
export async function bareSocket(server: TestApiServer, key: string) {
  const socket = server.socket()
  const frames: { id?: string; type: string; payload?: unknown }[] = []
  let wake = () => {}
  socket.on('message', (text) => {
    frames.push(JSON.parse(String(text)))
    wake()
  })
  await once(socket, 'open')
  const send = (frame: object) => socket.send(JSON.stringify(frame))
  send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })
  const next = async () => {
    while (frames.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return frames.shift()!
  }
  await next()
  return { socket, send, next }
}
