import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'

/** Of RTMP's simple handshake (Adobe's RTMP 1.0, 5.2): C0 and S0 are the version, C1 and S1 a time, a zero and random bytes. */
const version = 3
const helloBytes = 1536

/** Greets a server and waits for its greeting, S0 and S1. Rejects where something else comes, or the connection ends. */
export async function rtmpHandshake(socket: Duplex): Promise<void> {
  const hello = Buffer.concat([Buffer.from([version]), Buffer.alloc(8), randomBytes(helloBytes - 8)])
  const answer = readGreeting(socket)
  socket.write(hello)
  const greeting = await answer
  // C2, its own greeting back: a server that waits for it would log a broken client.
  socket.end(greeting.subarray(1))
}

function readGreeting(socket: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const finish = (settle: () => void) => {
      socket.off('data', onData).off('end', onEnd).off('close', onEnd)
      settle()
    }
    const onEnd = () => finish(() => reject(new Error('the connection ended before the greeting')))
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received[0] !== version) finish(() => reject(new Error('what came is no RTMP greeting')))
      else if (received.length > helloBytes) finish(() => resolve(received.subarray(0, helloBytes + 1)))
    }
    socket.on('data', onData).on('end', onEnd).on('close', onEnd)
  })
}
