import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openDatabase } from '../../src/platform/database/open.ts'
import { silentLogger } from '../../src/platform/logs/logger.ts'
import { allText } from '../support/database-text.ts'
import { everyOperation } from '../support/every-operation.ts'
import { until } from '../support/until.ts'
import { WebServer } from '../support/web-server.ts'
import { adminKey, Weir } from '../support/weir.ts'

/** Each is a text that stands nowhere else, so that finding it is never chance. */
const secret = {
  userinfo: 'Mk01gulls.and%2Fterns',
  emptyUser: 'Mk02herons',
  atInPassword: 'Mk03egret',
  query: 'Mk04sandpiper',
  passphrase: 'Mk05avocet-godwit',
  rtmpKey: 'Mk06plover-key',
  fragment: 'Mk07turnstone',
  ipv6: 'Mk08curlew',
  jwt: 'eyJNazA5IjoiSFMyNTYifQ.eyJNazA5IjoiMSJ9.Mk09sanderling',
  basic: 'TWsxMDpvc3ByZXk6Mk10',
  hook: 'Mk11knot0Stilt7Ruff3Dunlin',
  settings: 'Mk12whimbrel-and-dunlin',
  /** Made by the server. */
  sessionToken: '',
  apiKey: adminKey.slice('weir_'.length),
}
const marks = () => Object.entries(secret).filter(([, text]) => text !== '')
/** Those of the texts that hold one, each with what stands around it. */
function guilty(texts: Iterable<string>): string[] {
  return [...texts].flatMap((text) => {
    const one = marks().find(([, mark]) => text.includes(mark) || text.includes(decodeURIComponent(mark)))
    if (!one) return []
    const at = Math.max(text.indexOf(one[1]), text.indexOf(decodeURIComponent(one[1])))
    return [`${one[0]}: ${text.slice(Math.max(0, at - 160), at + 60)}`]
  })
}

/** Which of them a text holds, as they were given or decoded. */
function found(text: string): string[] {
  return marks()
    .filter(([, one]) => text.includes(one) || text.includes(decodeURIComponent(one)))
    .map(([name]) => name)
}

let weir: Weir
let web: WebServer
let rtsp: Server
let rtspPort: number
const ids: Record<string, string> = {}
const logs = new Set<string>()
const answers: string[] = []
const commandLines = new Set<string>()

let lookedAt = 0
function collect(always = false): void {
  if (!always && performance.now() - lookedAt < 150) return
  lookedAt = performance.now()
  for (const line of weir.lines) logs.add(line)
  for (const { pid, name } of weir.isRunning ? weir.processes() : []) {
    if (name !== 'ffmpeg' && name !== 'ffprobe' && name !== 'setpriv') continue
    for (const part of ['cmdline', 'environ']) {
      try {
        commandLines.add(readFileSync(`/proc/${pid}/${part}`, 'utf8'))
      } catch {}
    }
  }
}

async function post(
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${adminKey}` },
  path = '/graphql',
) {
  const response = await fetch(weir.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  collect()
  // The answer to who opens a session is the one place for its token.
  const said = secret.sessionToken === '' ? text : text.replaceAll(/"(token|sessionToken)":"[^"]*"/g, '"$1":"-"')
  answers.push(JSON.stringify([...response.headers]) + said)
  return text
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(weir.url + path, { headers })
  answers.push(JSON.stringify([...response.headers]) + (await response.text()))
  collect()
}

const urls = () => {
  const http = `127.0.0.1:${web.port}`
  return {
    userinfo: `rtsp://ad.min%40corp:${secret.userinfo}@127.0.0.1:${rtspPort}/live`,
    emptyUser: `rtsp://:${secret.emptyUser}@127.0.0.1:${rtspPort}/live`,
    atInPassword: `rtsp://user:x@${secret.atInPassword}@127.0.0.1:${rtspPort}/live`,
    query: `http://${http}/missing.ts?x=1&access_token=${secret.query}`,
    passphrase: `srt://127.0.0.1:9?mode=caller&passphrase=${secret.passphrase}&latency=20000`,
    rtmpKey: `rtmp://127.0.0.1:${web.port}/app/${secret.rtmpKey}`,
    fragment: `http://${http}/drip.m3u8#${secret.fragment}`,
    ipv6: `rtsp://user:${secret.ipv6}@[::1]:9/live`,
    jwt: `http://${http}/redirect/${secret.jwt}`,
    basic: `http://ad:${secret.basic}@${http}/hang.ts`,
    hook: `https://hooks.localhost:9/services/T1/${secret.hook}`,
    settings: `http://${http}/hang.m3u8?token=${secret.settings}`,
  }
}

beforeAll(async () => {
  web = await WebServer.start((request, response) => {
    const url = request.url ?? ''
    if (url.startsWith('/hang')) return
    if (url.startsWith('/redirect')) {
      response.writeHead(302, { location: `http://127.0.0.1:9${url}?token=${secret.query}` }).end()
      return
    }
    response.writeHead(404, { 'content-type': 'text/plain' }).end(`nothing at ${url}`)
  })
  rtsp = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const sequence = /cseq:\s*(\d+)/i.exec(data.toString())?.[1] ?? '1'
      socket.write(`RTSP/1.0 401 Unauthorized\r\nCSeq: ${sequence}\r\nWWW-Authenticate: Basic realm="camera"\r\n\r\n`)
    })
  })
  await new Promise<void>((resolve) => rtsp.listen(0, '127.0.0.1', resolve))
  rtspPort = (rtsp.address() as { port: number }).port
  weir = await Weir.start({
    env: {
      LOG_LEVEL: 'trace',
      RESTART_COOLDOWN: '1s',
      EXTERNAL_CHECKS: `gate=http://chk:${secret.settings}@127.0.0.1:9/x?token=${secret.query}, door=http://127.0.0.1:${web.port}/hook/webhooks/${secret.hook}`,
      AZURACAST_URL: `http://127.0.0.1:${web.port}/az`,
      AZURACAST_API_KEY: secret.settings,
      RTMP_ENDPOINT: `rtmp://127.0.0.1:9/app/${secret.rtmpKey}`,
      REDIS_URL: `redis://:${secret.settings}@127.0.0.1:9`,
    },
  })
})
afterAll(async () => {
  await weir?.[Symbol.asyncDispose]()
  await web?.[Symbol.asyncDispose]()
  rtsp?.close()
})

test('a day with secrets in it: every operation, by everybody, with good input and with bad', {
  timeout: 600_000,
}, async () => {
  const socket = new WebSocket(
    `${weir.url.replace('http', 'ws')}/graphql?access_token=${secret.jwt}`,
    'graphql-transport-ws',
  )
  socket.on('error', () => {})
  socket.on('message', (data) => answers.push(String(data)))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${adminKey}` } }))
  const operations = everyOperation()
  const create = operations.find(({ field }) => field === 'createStream')!
  for (const [name, url] of Object.entries(urls())) {
    const input = { name, source: { url: { url } }, start: true }
    const made = JSON.parse(await post({ query: create.query, variables: { input, idempotencyKey: name } }))
    expect(made.errors, name).toBeUndefined()
    ids[name] = made.data.createStream.id
  }
  // One that plays, for sessions.
  const pattern = { testPattern: { width: 320, height: 180, fps: 10, tone: true } }
  const playing = await weir.liveStream({ name: 'playing', source: pattern } as never)
  const opened = JSON.parse(
    await post({
      query:
        'mutation ($id: ID!) { openConsumer(input: { streamId: $id, clientId: "player" }) { token consumer { id } } }',
      variables: { id: playing.id },
    }),
  )
  secret.sessionToken = opened.data.openConsumer.token.slice('weir_'.length)
  answers.pop()
  const token = `weir_${secret.sessionToken}`
  const consumerId = opened.data.openConsumer.consumer.id

  // Subscriptions of everything, over the socket, for the rest of the day.
  const fillings = {
    byName(name: string, type: string) {
      // What people call things is shown as they gave it.
      if (/^(name|clientId|holder|source)$/.test(name) && type === 'String') return 'a name'
      if (name === 'labels') return { site: 'a' }
      if (name === 'streamId') return ids.userinfo
      if (name === 'consumerId') return consumerId
      if (name === 'after' || name === 'before' || name === 'last' || name === 'from' || name === 'to') return null
      if (name === 'intervalSeconds') return 2
    },
    text: () => urls().atInPassword,
  }
  for (const [i, { query, variables }] of operations.filter(({ kind }) => kind === 'subscription').entries())
    socket.send(
      JSON.stringify({
        id: `s${i}`,
        type: 'subscribe',
        payload: {
          query,
          variables: { ...variables(fillings, false), ...(query.includes('$id:') ? { id: ids.query } : {}) },
        },
      }),
    )

  // Failing, tried again, updated with secrets kept and changed.
  const update = operations.find(({ field }) => field === 'updateStream')!
  for (const [name, url] of Object.entries(urls())) {
    const shown = JSON.parse(
      await post({ query: 'query ($id: ID!) { stream(id: $id) { source { url } } }', variables: { id: ids[name] } }),
    )
    const kept = shown.data.stream.source.url as string
    expect(kept).toContain('***')
    const answer = JSON.parse(
      await post({ query: update.query, variables: { id: ids[name], input: { source: { url: { url: kept } } } } }),
    )
    expect(answer.errors, `${name}: ${kept}`).toBeUndefined()
    expect(answer.data.updateStream.generation).toBe(1)
    // To another host it takes the whole URL.
    const away = kept.replace(/127\.0\.0\.1|\[::1\]|hooks\.localhost/, 'elsewhere.invalid')
    const refused = JSON.parse(
      await post({ query: update.query, variables: { id: ids[name], input: { source: { url: { url: away } } } } }),
    )
    expect(refused.errors?.[0].extensions.code, away).toBe('BAD_USER_INPUT')
    await post({
      query: update.query,
      variables: { id: ids[name], input: { labels: { site: 'a' }, source: { url: { url: `${url}` } } } },
    })
  }
  await until(
    'sources have failed and were tried again',
    async () => {
      collect()
      const { data } = JSON.parse(await post({ query: '{ recoveryAttempts(first: 100) { nodes { id outcome } } }' }))
      return data.recoveryAttempts.nodes.length >= 8 || undefined
    },
    { timeoutMs: 60_000 },
  )

  // Every field of the schema: by an admin, by nobody, by a player, by who has a token of another; with all that may be given, and with the least.
  const callers: Record<string, string>[] = [
    { authorization: `Bearer ${adminKey}` },
    {},
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${secret.jwt}` },
    { authorization: `Basic ${secret.basic}`, cookie: `session=${secret.settings}` },
    { 'x-pulse-key': adminKey, 'x-forwarded-for': '203.0.113.9' },
  ]
  const subjects = [ids.userinfo, ids.rtmpKey, playing.id]
  for (const { query, kind, field, variables } of operations) {
    if (kind === 'subscription') continue
    for (const [who, headers] of callers.entries()) {
      const id = /Consumer|consume$|Heartbeat/.test(field) ? consumerId : subjects[who % subjects.length]
      const own = {
        ...fillings,
        byName: (name: string, type: string) =>
          name === 'id' ? id : name === 'ids' ? subjects : fillings.byName(name, type),
      }
      if (field === 'deleteStream' && who === 0) continue
      await post({ query, variables: variables(own, true) }, headers)
      await post({ query, variables: variables(own, false) }, headers)
    }
  }
  // Variables and documents that do not fit, with secrets in them.
  for (const url of Object.values(urls())) {
    const bad: unknown[] = [
      { input: url },
      { input: { name: 'x', source: { url } } },
      { input: { name: 'x', source: { url: { url, kind: url } } } },
      { input: { name: 'x', source: { url: { url: `gopher${url}` } } } },
      { input: { name: 'x', source: { file: { path: `/${url}` } } } },
      { input: { name: 'x', source: { url: { url }, file: { path: 'a' } } } },
      { input: { name: 'x', source: { url: { url: [url] } }, onDemand: url, labels: { [url]: url } } },
      { input: { name: 'x', source: { url: { url } }, maxConsumers: url, recovery: { freezeSeconds: url } } },
      { input: { name: 'x', source: { url: { url } } }, idempotencyKey: url.repeat(50) },
      { input: { [url]: url, password: secret.settings } },
    ]
    for (const variables of bad) await post({ query: create.query, variables })
    await post({
      query: `mutation { createStream(input: { name: "${url}", source: { url: { url: "${url}", kind: "${url}" } } }) { id } }`,
    })
    await post({ query: `mutation { createStream(input: { name: 4, source: { password: "${url}" } }) { id } }` })
    await post({ query: `{ stream(id: "${url}") { id } }` })
    await post({ query: `{ "${url}" }` })
    await post(`{"query": "${url}`)
    await post(
      {
        query: 'mutation ($h: [HeartbeatInput!]!) { recordHeartbeats(heartbeats: $h) { consumerId } }',
        variables: { h: [{ consumerId: url, stats: { rttMs: url } }, { consumerId }] },
      },
      { authorization: `Bearer ${token}` },
    )
    const encoded = encodeURIComponent(url)
    for (const path of [
      `/graphql?query=${encoded}&variables=${encoded}&token=${secret.settings}`,
      `/hls/${playing.id}/index.m3u8?session=${token}`,
      `/hls/${encoded}/index.m3u8?token=${secret.query}`,
      `/health/detailed?access_token=${secret.jwt}`,
      `/metrics?key=${adminKey}`,
      `/whep/${encoded}`,
      `/nothing/${encoded}?${encoded}`,
    ]) {
      await get(path)
      await get(path, { authorization: `Bearer ${adminKey}`, referer: url })
    }
  }
  await post('v=0\r\n', { 'content-type': 'application/sdp', authorization: `Bearer ${token}` }, `/whep/${playing.id}`)
  await post(`v=0\r\no=${secret.settings}`, { 'content-type': 'application/sdp' }, `/whep/${playing.id}?token=${token}`)
  for (const path of [
    '/',
    '/metrics',
    '/v2/metrics',
    '/health',
    '/health/readiness',
    '/health/liveness',
    '/health/detailed',
    '/v2/health',
  ]) {
    await get(path)
    await get(path, { authorization: `Bearer ${adminKey}` })
  }
  // The log and the state as they are now, whole.
  for (const query of [
    '{ events(first: 100) { nodes { type data actor { kind name } } } }',
    '{ recoveryAttempts(first: 100) { nodes { id action cause outcome evidence log } } }',
    '{ streams(first: 100) { nodes { id name stateReason source { kind url options } health { status issues { type reason evidence } } } } }',
    '{ systemHealth { status message components { component name status message details } } }',
  ])
    expect(JSON.parse(await post({ query })).errors, query).toBeUndefined()
  for (const name of Object.keys(urls())) {
    await post({ query: 'mutation ($id: ID!) { restartStream(id: $id) { id } }', variables: { id: ids[name] } })
    await post({
      query: 'mutation ($id: ID!) { deleteStream(id: $id) { id source { url } } }',
      variables: { id: ids[name] },
    })
  }
  socket.close()
  collect(true)
})

test('no secret is in a log, at any level', () => {
  expect(logs.size).toBeGreaterThan(100)
  expect(guilty(logs).slice(0, 6)).toEqual([])
})

test('no secret is in an answer, whoever asks: API, subscriptions, metrics, health, the page', () => {
  expect(answers.length).toBeGreaterThan(1000)
  expect(guilty(answers).slice(0, 6)).toEqual([])
})

test('FFmpeg and ffprobe have none of our environment', () => {
  expect([...commandLines].filter((text) => text.includes('PATH=')).length).toBeGreaterThan(0)
  expect([...commandLines].filter((text) => text.includes('PATH=') && found(text).length > 0)).toEqual([])
})

test('no secret is on a command line', () => {
  // Those of sources were seen, too: what they are told is an address of our own.
  expect([...commandLines].filter((text) => /\0-i\0\w+:\/\/127\.0\.0\.1/.test(text)).length).toBeGreaterThan(0)
  expect(guilty(commandLines)).toEqual([])
})

test('no secret is in the database or in a file beside it', async () => {
  await weir.end('SIGTERM')
  collect(true)
  expect(guilty(logs).slice(0, 6)).toEqual([])
  const files = readdirSync(weir.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(10)
  const holding = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith('/secret.key'))
    .map((path) => [relative(weir.dataDir, path), found(readFileSync(path, 'latin1'))] as const)
    .filter(([, names]) => names.length > 0)
  expect(holding).toEqual([])
  const database = await openDatabase({ dataDir: weir.dataDir, logger: silentLogger })
  const dump = await allText(database.db, ['streams.source_secret'])
  await database.close()
  expect(dump).toContain('createStream')
  expect(guilty(dump.split('\n'))).toEqual([])
})

test('no secret is in what a start says that can not go on', async () => {
  await using other = await Weir.prepare({
    env: {
      DATABASE_URL: `postgres://weir:${secret.settings}@127.0.0.1:9/weir?password=${secret.query}`,
      SECRET_KEY: `${secret.settings}`,
    },
  })
  await other.launch()
  expect(other.lines.length).toBeGreaterThan(0)
  expect(found(other.logTail(1000))).toEqual([])
})
