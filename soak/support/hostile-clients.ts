import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import autocannon from 'autocannon'
import { WebSocket } from 'ws'

/**
 * The process that means no good: `node hostile-clients.ts URL KEY SOCKETS SLOW`. Floods the API with and without a key, holds sockets open with a subscription
 * each, and connections that send a byte of their headers now and then. Told anything, answers with what it has counted; ends with its parent.
 */
const [url = '', key = '', sockets = '0', slow = '0'] = process.argv.slice(2)
const { host, hostname, port } = new URL(url)

export interface HostileCounts {
  /** Of the flood, by status; 0 is a connection that failed. */
  answers: Record<string, number>
  socketsOpen: number
  socketsMade: number
  messages: number
  slowOpen: number
  slowMade: number
}

const counts: HostileCounts = { answers: {}, socketsOpen: 0, socketsMade: 0, messages: 0, slowOpen: 0, slowMade: 0 }
const count = (status: number) => {
  counts.answers[status] = (counts.answers[status] ?? 0) + 1
}

const query = JSON.stringify({ query: '{ streams(first: 20) { nodes { id name state uptimeSeconds } } }' })
const usual = { 'content-type': 'application/json' }
/** It ends with this process. */
const ended = () => {}
for (const headers of [
  usual,
  { ...usual, authorization: `Bearer ${key}` },
  { ...usual, authorization: 'Bearer guessed_0123456789abcdef' },
]) {
  const flood = autocannon(
    {
      url: `${url}/graphql`,
      method: 'POST',
      headers,
      body: query,
      connections: 10,
      duration: 3600 * 24,
    },
    ended,
  )
  flood.on('response', (_client, status) => count(status))
  flood.on('reqError', () => count(0))
}

function openSocket(): void {
  counts.socketsMade += 1
  const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws')
  socket.on('open', () => {
    counts.socketsOpen += 1
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }))
    socket.once('close', () => {
      counts.socketsOpen -= 1
    })
  })
  const subscription = { query: 'subscription { systemHealth { status } }' }
  socket.on('message', (data) => {
    counts.messages += 1
    if (String(data).includes('connection_ack'))
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscription }))
  })
  socket.on('error', () => {})
  socket.once('close', () => void pause(1000 + Math.random() * 4000).then(openSocket))
}

function openSlow(): void {
  counts.slowMade += 1
  const socket: Socket = connect(Number(port), hostname)
  counts.slowOpen += 1
  socket.write('POST /graphql HTTP/1.1\r\nHost: ')
  const timer = setInterval(() => socket.write('a'), 1000)
  socket.on('error', () => {})
  socket.once('close', () => {
    clearInterval(timer)
    counts.slowOpen -= 1
    void pause(500).then(openSlow)
  })
}

process.on('message', () => process.send!(counts))
process.on('disconnect', () => process.exit())
for (let i = 0; i < Number(slow); i++) openSlow()
for (let i = 0; i < Number(sockets); i++) {
  openSocket()
  if (i % 50 === 49) await pause(100)
}
