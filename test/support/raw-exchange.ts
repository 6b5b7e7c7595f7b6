import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'

const dateLine = /^Date: .*\r\n/gm

/** What is sent in one go, in parts perhaps, and how many requests that is. */
export interface Piece {
  parts: string[]
  requests: number
}

/** What comes over a connection of its own for these pieces, each sent when the ones before have been answered; without the dates. */
export async function exchange({ port }: { port: number }, pieces: Piece[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = ''
  let next = 0
  let asked = 0
  const send = async () => {
    const { parts, requests } = pieces[next++]!
    asked += requests
    for (const part of parts) {
      socket.write(part)
      await setImmediate()
    }
  }
  socket.setEncoding('utf8')
  // One that the server has ended already can not be written to.
  socket.on('error', () => {})
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.on('data', (chunk) => {
    received += chunk
    if (next < pieces.length && wholeAnswers(received) >= asked) void send()
  })
  await send()
  await ended
  return received.replace(dateLine, '')
}

/** How many answers, each with its length, are there in whole. */
function wholeAnswers(text: string): number {
  const bytes = Buffer.from(text)
  let count = 0
  for (let at = 0; ; ) {
    const bodyAt = bytes.indexOf('\r\n\r\n', at)
    if (bodyAt < 0) return count
    const head = bytes.toString('latin1', at, bodyAt + 2)
    at = bodyAt + 4 + Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0)
    if (at > bytes.length) return count
    if (!head.startsWith('HTTP/1.1 100')) count += 1
  }
}
