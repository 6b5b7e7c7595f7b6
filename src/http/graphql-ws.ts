import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ExecutionArgs, GraphQLError } from 'graphql'
import { CloseCode, type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import { type ErrorCode, errorTable, WeirError } from '../errors.ts'
import type { GraphqlDeps, GraphqlServer } from './graphql.ts'
import { type Credentials, identify, keyFrom } from './graphql-admit.ts'
import { audit } from './graphql-audit.ts'
import { shapeError } from './graphql-errors.ts'
import { enter } from './graphql-rates.ts'
import { areAnswers, payloadOf, sendAnswers, withoutHttp } from './graphql-ws-answers.ts'
import { attachSocket, endSocket, maxOperationsPerSocket, type SocketExtra } from './graphql-ws-socket.ts'
import type { LookAtMessage } from './heartbeat-messages.ts'
import { anyConnections, type Connections } from './open-sockets.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

export const maxPayloadBytes = 64 * 1024
export const connectionInitMs = 3000
const keepAliveMs = 12_000
/** How long sockets may take to say goodbye when the server ends. */
const goodbyeMs = 1000
const closeGoingAway = 1001

type Socket = Context<Record<string, unknown>, SocketExtra>

/** The API over WebSocket, by the protocol graphql-transport-ws. */
export interface GraphqlWebSocket {
  handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Ends every operation and socket, in order; within about a second. */
  close: () => Promise<void>
}

/** `lookAt` looks at the messages of a socket that was let in before graphql-ws does. */
export function createGraphqlWebSocket(
  graphql: GraphqlServer,
  deps: GraphqlDeps,
  lookAt?: LookAtMessage,
  { addressOf, openSockets }: Connections = anyConnections(),
): GraphqlWebSocket {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
    handleProtocols,
  })
  const server = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: connectionInitMs,
    onConnect: (socket) => connect(socket, deps),
    onPing: ({ extra }) => extra.wasted(),
    onPong: ({ extra }) => extra.wasted(),
    async onSubscribe(socket, _id, payload) {
      const prepared = await prepare(socket, payload, graphql, deps)
      if (Array.isArray(prepared)) socket.extra.wasted()
      return prepared
    },
    execute: async (args) => {
      const result = await (args as Enveloped).execute(args)
      await audit(args.contextValue as object, result)
      return result as never
    },
    subscribe: (args) => (args as Enveloped).subscribe(args) as never,
    onNext: (_socket, _id, _payload, _args, result) => (result.errors ? payloadOf(result) : undefined),
    onOperation: ({ extra }, id, _payload, _args, answers) =>
      areAnswers(answers) ? sendAnswers(extra.outbox, id, answers) : undefined,
    onError: (_socket, _id, _payload, errors) =>
      errors.map((error) => withoutHttp(shapeError(error, deps.newRequestId(), deps.log))),
  })
  return {
    handleUpgrade(request, upgraded, head) {
      const address = addressOf(request)
      const leave = openSockets.take(address)
      if (!leave) return refuseUpgrade(upgraded, errorTable.RATE_LIMITED.status)
      if (upgraded.destroyed) return leave()
      upgraded.once('close', leave)
      sockets.handleUpgrade(request, upgraded, head, (socket) =>
        attachSocket(server, { socket, request, address }, { keepAliveMs, log: deps.log, lookAt }),
      )
    },
    async close() {
      const open = [...sockets.clients]
      sockets.close()
      const gone = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of open) socket.close(closeGoingAway, 'going away')
      const impatience = setTimeout(() => {
        for (const socket of open) socket.terminate()
      }, goodbyeMs)
      await Promise.all(gone)
      clearTimeout(impatience)
    },
  }
}

/** An operation's arguments with the functions that Yoga's plugins have wrapped. */
interface Enveloped extends ExecutionArgs {
  execute: (args: ExecutionArgs) => unknown
  subscribe: (args: ExecutionArgs) => unknown
}

const closeCodes: Partial<Record<ErrorCode, [number, string]>> = {
  UNAUTHENTICATED: [CloseCode.Unauthorized, 'UNAUTHENTICATED'],
  // As for too many initialisation requests: come back, but later.
  RATE_LIMITED: [CloseCode.TooManyInitialisationRequests, 'RATE_LIMITED'],
}

/** A key that is no good ends the socket at once; none at all is let in to what is public. */
async function connect(socket: Socket, deps: GraphqlDeps): Promise<boolean> {
  try {
    const credentials = credentialsOf(socket)
    await identify(deps, credentials)
    socket.extra.admitted = { context: socket, credentials, known: null }
    return true
  } catch (error) {
    const known = error instanceof WeirError ? closeCodes[error.code] : undefined
    if (!known) deps.log.error({ err: error }, 'a WebSocket could not be admitted')
    const [code, reason] = known ?? [CloseCode.InternalServerError, 'INTERNAL']
    endSocket(socket.extra.socket, code, reason)
    return false
  }
}

/** What HTTP does with a request: admission, parsing, validation. Answers with the errors of what is refused. */
async function prepare(
  socket: Socket,
  payload: SubscribePayload,
  graphql: GraphqlServer,
  deps: GraphqlDeps,
): Promise<Enveloped | GraphQLError[]> {
  const requestId = deps.newRequestId()
  const credentials = socket.extra.admitted?.credentials ?? credentialsOf(socket)
  const initial: object = { requestId, credentials, params: payload }
  const refused = async (errors: GraphQLError[]) => {
    await audit(initial, { errors })
    return errors
  }
  try {
    const open = Object.keys(socket.subscriptions).length
    if (open > maxOperationsPerSocket)
      throw new WeirError('RATE_LIMITED', `A socket carries at most ${maxOperationsPerSocket} operations at once.`, {
        needed: open,
        available: maxOperationsPerSocket,
      })
    await enter(deps, () => credentials, payload.query, initial)
    const { schema, parse, validate, contextFactory, execute, subscribe } = graphql.getEnveloped(initial as never)
    const document = parse(payload.query)
    const errors = validate(schema, document)
    if (errors.length > 0) return refused(errors.map((error: GraphQLError) => shapeError(error, requestId, deps.log)))
    return {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: await contextFactory(),
      execute,
      subscribe,
    } as Enveloped
  } catch (error) {
    return refused([shapeError(error, requestId, deps.log)])
  }
}

/** The key of connection_init before that of the upgrade: browsers can't set headers on a WebSocket. */
function credentialsOf({ connectionParams, extra: { request, address } }: Socket): Credentials {
  const params = new Map(Object.entries(connectionParams ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const lookUp = (name: string) => {
    const value = params.get(name) ?? request.headers[name]
    return typeof value === 'string' ? value : null
  }
  const { host } = request.headers
  return { key: keyFrom(lookUp), address, origin: host ? `http://${host}` : null }
}
