import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { percentile } from '../bench/support/figure.ts'
import { GraphqlClient } from '../test/support/graphql-client.ts'
import * as documents from '../test/support/player-documents.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { adminKey, Weir } from '../test/support/weir.ts'
import { Child } from './support/child.ts'
import { timesOf } from './support/figures.ts'
import type { HostileCounts } from './support/hostile-clients.ts'
import type { Outcome, Part, Run } from './support/part.ts'
import { ResourceWatch } from './support/resources.ts'

const sessionCount = 500
const socketCount = 2000
const slowCount = 200
/** Of all sessions together. */
const beatsPerSecond = 50
const boundMs = 250

/** What a heartbeat's answer took, and whether it was taken. */
interface Beat {
  tookMs: number
  status: number
  accepted: boolean
}

/** Floods, sockets by the thousand and slow connections against one server; heartbeats have to come through beside them. */
export const hostileLoad: Part = {
  name: 'hostile-load',
  title: 'Heartbeats beside a flood of queries, 2,000 sockets and 200 slow connections (--minutes, 10)',
  async run(run: Run): Promise<Outcome> {
    await using stack = new AsyncDisposableStack()
    const database = await startPostgresServer()
    stack.defer(() => database.stop())
    const weir = stack.use(
      await Weir.start({
        env: {
          NODE_ENV: 'production',
          DATABASE_URL: `${database.url}postgres`,
          // As they come; sockets of one address would be 100.
          RATE_LIMIT_ADDRESS: '100',
          // Longer than this runs: new ones are not taken up.
          SESSION_TOKEN_TTL: '24h',
          RATE_LIMIT_PROJECT: '1000',
          MAX_SOCKETS_PER_ADDRESS: String(socketCount + 100),
        },
      }),
    )
    const broken: string[] = []
    const tokens = await openSessions(weir, run)
    const agent = new Agent({ keepAlive: true, maxSockets: 64 })
    stack.defer(() => agent.destroy())
    const quiet = await beatFor(weir, agent, tokens, 30_000, run)
    run.say(
      `quiet: p99 ${Math.round(
        percentile(
          quiet.map(({ tookMs }) => tookMs),
          0.99,
        ),
      )} ms of ${quiet.length} heartbeats`,
    )

    const clients = new URL('support/hostile-clients.ts', import.meta.url).pathname
    const hostile = stack.use(
      new Child(process.execPath, [clients, weir.url, adminKey, String(socketCount), String(slowCount)], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        onUnexpectedEnd: (what) => broken.push(what),
      }),
    )
    const ask = async () => {
      hostile.process.send('?')
      return (await once(hostile.process, 'message', { signal: run.signal }))[0] as HostileCounts
    }
    const resources = new ResourceWatch()
    const beats: Beat[] = []
    const seen: HostileCounts[] = []
    // Until all sockets have been made.
    await run.pause(15_000)
    const endsAt = Date.now() + (run.minutes ?? 10) * 60_000
    while (Date.now() < endsAt && broken.length === 0) {
      beats.push(...(await beatFor(weir, agent, tokens, 30_000, run)))
      seen.push(await ask())
      const { serverMb, serverCpuPercent } = await resources.sample(weir)
      const last = seen.at(-1)!
      const p99 = Math.round(
        percentile(
          beats.slice(-beatsPerSecond * 30).map(({ tookMs }) => tookMs),
          0.99,
        ),
      )
      run.say(`heartbeats p99 ${p99} ms; server ${serverMb} MB, ${serverCpuPercent ?? '?'} %; ${JSON.stringify(last)}`)
    }
    const refused = beats.filter(({ accepted }) => !accepted)
    if (refused.length > 0) broken.push(`${refused.length} heartbeats were not taken (${refused[0]!.status})`)
    const least = Math.min(...seen.map(({ socketsOpen }) => socketsOpen))
    if (least < socketCount * 0.95) broken.push(`only ${least} of ${socketCount} sockets were open at one time`)
    const times = timesOf(
      'heartbeats beside the load',
      beats.map(({ tookMs }) => tookMs),
      boundMs,
    )
    const before = timesOf(
      'heartbeats before it',
      quiet.map(({ tookMs }) => tookMs),
      null,
    )
    const answers = seen.at(-1)?.answers ?? {}
    return {
      rows: [
        ...before.rows,
        ...times.rows,
        { what: 'heartbeats not taken', value: refused.length, bound: '0' },
        { what: 'sockets open, the fewest', value: least, bound: `≥ ${socketCount * 0.95}` },
        ...Object.entries(answers).map(([status, value]) => ({ what: `answers to the flood with ${status}`, value })),
        { what: 'slow connections made', value: seen.at(-1)?.slowMade ?? 0 },
        {
          what: 'memory at the start and the end, MB',
          value: `${resources.samples[0]?.serverMb}, ${resources.samples.at(-1)?.serverMb}`,
        },
      ],
      broken: [...broken, ...times.broken],
      details: { seen, resources: resources.samples },
    }
  },
}

/** HLS sessions with their tokens. Opening them is limited like all that a project asks for. */
async function openSessions(weir: Weir, run: Run): Promise<{ id: string; token: string }[]> {
  const admin = new GraphqlClient(`${weir.url}/graphql`, adminKey)
  const source = { testPattern: { width: 160, height: 120, fps: 10, tone: false } }
  const { id: streamId } = await weir.liveStream({ name: 'Beside the flood', source })
  const opened: { id: string; token: string }[] = []
  while (opened.length < sessionCount) {
    const input = { streamId, clientId: `player ${opened.length}`, protocol: 'HLS' as const }
    const { data, errors } = await admin.answer(documents.OpenTestSession, { input })
    if (data?.openConsumer) opened.push({ id: data.openConsumer.consumer.id, token: data.openConsumer.token })
    else if (errors[0]?.extensions?.code === 'RATE_LIMITED') await run.pause(1000)
    else throw new Error(JSON.stringify(errors))
  }
  return opened
}

/** Heartbeats of the sessions in turn, at an even rate, whatever the answers take. */
async function beatFor(
  weir: Weir,
  agent: Agent,
  sessions: { id: string; token: string }[],
  ms: number,
  run: Run,
): Promise<Beat[]> {
  const startedAt = performance.now()
  const waiting: Promise<Beat>[] = []
  while (performance.now() - startedAt < ms) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * beatsPerSecond)
    while (waiting.length < due) waiting.push(beat(weir, agent, sessions[waiting.length % sessions.length]!))
    await run.pause(5)
  }
  return Promise.all(waiting)
}

const document = 'mutation ($id: ID!) { recordHeartbeat(consumerId: $id) { accepted } }'

function beat({ url }: Weir, agent: Agent, { id, token }: { id: string; token: string }): Promise<Beat> {
  const body = JSON.stringify({ query: document, variables: { id } })
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
  }
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const failed = () => resolve({ tookMs: performance.now() - startedAt, status: 0, accepted: false })
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      response.on('end', () =>
        resolve({
          tookMs: performance.now() - startedAt,
          status: response.statusCode!,
          accepted: text.includes('"accepted":true'),
        }),
      )
      response.on('error', failed)
    })
    sent.on('error', failed).end(body)
  })
}
