import { WebSocket } from 'ws'

/**
 * The other process of fan-out.ts: subscribers that share no event loop with the server. Told of by IPC: `open` makes
 * sockets that say the first frame at once and the others after the first answer, and are ready when each has received one with `ready` in it; `expect` names what
 * comes next, and is answered with when each socket had it, in ms of the machine's clock.
 */
export type ClientOrder =
  | { do: 'open'; group: string; url: string; protocol: string; count: number; say: string[]; ready: string | null }
  | { do: 'expect'; group: string; marker: string }
export type ClientAnswer = { opened: string } | { received: string; atMs: number[]; sample: string }

/** As many connections as are made at a time: a listening socket's queue is not endless. */
const openedAtOnce = 100

interface Group {
  sockets: WebSocket[]
  marker: Buffer | null
  atMs: number[]
}

const groups = new Map<string, Group>()

const nowMs = () => performance.timeOrigin + performance.now()
const answer = (message: ClientAnswer) => process.send!(message)

async function open(order: Extract<ClientOrder, { do: 'open' }>): Promise<void> {
  const group: Group = { sockets: [], marker: null, atMs: [] }
  groups.set(order.group, group)
  for (let made = 0; made < order.count; made += openedAtOnce) {
    const size = Math.min(openedAtOnce, order.count - made)
    await Promise.all(Array.from({ length: size }, () => openOne(group, order)))
  }
  answer({ opened: order.group })
}

function openOne(group: Group, { group: name, url, protocol, say, ready }: Extract<ClientOrder, { do: 'open' }>) {
  return new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url, protocol, { perMessageDeflate: false })
    group.sockets.push(socket)
    socket.on('error', reject)
    socket.on('open', () => {
      if (say[0] !== undefined) socket.send(say[0])
      if (ready === null) resolve()
    })
    socket.on('close', (code) => reject(new Error(`a subscriber's socket was closed: ${code}`)))
    socket.once('message', () => {
      for (const frame of say.slice(1)) socket.send(frame)
    })
    socket.on('message', (data: Buffer) => {
      if (ready !== null && data.includes(ready)) resolve()
      if (!group.marker || !data.includes(group.marker)) return
      group.atMs.push(nowMs())
      if (group.atMs.length < group.sockets.length) return
      group.marker = null
      answer({ received: name, atMs: group.atMs, sample: String(data) })
    })
  })
}

process.on('message', (order: ClientOrder) => {
  if (order.do === 'open') return void open(order)
  const group = groups.get(order.group)!
  group.marker = Buffer.from(order.marker)
  group.atMs = []
  answer({ opened: `${order.group} ${order.marker}` })
})
process.on('disconnect', () => process.exit())
