import { settings } from '../src/config/settings.ts'
import { maxBodyBytes } from '../src/http/graphql.ts'
import { maxCost } from '../src/http/graphql-cost.ts'
import { maxErrors } from '../src/http/graphql-documents.ts'
import { type Limit, limits } from '../src/http/graphql-limits.ts'
import { connectionInitMs, maxPayloadBytes } from '../src/http/graphql-ws.ts'
import { maxOperationsPerSocket, maxWastedPerMinute } from '../src/http/graphql-ws-socket.ts'
import { maxWaitingBytes, slowReaderMs } from '../src/http/socket-outbox.ts'

const number = (count: number) => count.toLocaleString('en-US')

/** docs/limits.md */
export function limitsPage(): string {
  const rows = Object.values(limits).map(({ max, what, meaning }: Limit) => `| ${what} | ${number(max)} | ${meaning} |`)
  const { executionSeconds, maxSocketsPerAddress } = settings
  return `# Limits

Made by \`npm run docs\` from \`src/http/\`: change it there.

What one caller may ask at once. How often somebody may ask is another matter. Each limit is the same over HTTP, SSE and WebSocket, for callers
with and without a key.

## Of an operation

Measured before anything is validated or resolved; one more than is allowed is refused with \`TOO_COMPLEX\`, \`needed\` (what was counted until then) and
\`available\`. What documents, fragments, operations and aliases are called makes no difference, nor does whether a fragment or operation is used.

| what | most | counted |
| --- | --- | --- |
${rows.join('\n')}
| objects | ${number(maxCost)} | That could be answered, every page taken to be full: pages multiply what is asked of their nodes. |

Beside these:

- A body is at most ${number(maxBodyBytes)} bytes, refused before it is read as JSON; several operations in one body (batches) are not taken.
- An operation ends with \`TIMEOUT\` after \`${executionSeconds.env}\` (${executionSeconds.default} where it is not set): nothing more of it is begun. A mutation may
  have been done nevertheless. A subscription has this long to begin.
- At most ${maxErrors} errors of a document are looked for.
- \`__schema\` and \`__type\` are answered, GraphiQL is served, and misspelt names are told with those that there are, in development; in production
  the first two where \`INTROSPECTION\` and \`GRAPHIQL\` say so, the third never.
- A GET runs queries alone. It has to be one that no link, image, script or form of another page could be: with a key, or \`Sec-Fetch-Mode\` of
  \`cors\` or \`same-origin\` as browsers set it, or without that header an \`Accept\` that names \`application/json\`, \`application/graphql-response+json\`
  or \`text/event-stream\`. A POST has to be JSON.

## Of a connection

- WebSockets and event streams of one address (of IPv6 a network of /64) together: \`${maxSocketsPerAddress.env}\`, ${maxSocketsPerAddress.default} where it is not set. One more is answered with 429.
- A socket has ${connectionInitMs / 1000} s for \`connection_init\` (4408 after that), carries ${maxOperationsPerSocket} operations at once (one more is refused with
  \`RATE_LIMITED\`, the socket lives on) and takes messages of up to ${number(maxPayloadBytes)} bytes (1009).
- What is in vain is counted: operations that are refused before they run, pings and pongs. More than ${maxWastedPerMinute} a minute, and the socket is closed with 4429.
- Above ${number(maxWaitingBytes)} bytes that a client has not read, nothing more is sent to it; it is cut where that lasts for ${slowReaderMs / 1000} s. A subscription's
  next message waits until the last one has left; who falls behind too far is told \`SLOW_SUBSCRIBER\` with a cursor to go on from.
- A frame that is none, or a message that is none of the protocol's, ends its own socket (1002, 1007, 4400), and no other.
`
}
