import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Amf, decodeAmf, encodeAmf } from '../../src/sources/gate/rtmp/amf.ts'
import { chunksOf, commandType, createChunkReader } from '../../src/sources/gate/rtmp/chunks.ts'

/** A server of RTMP that answers commands well enough for a player to ask for its stream, writes down what it was asked, and then hangs up. */
export interface RtmpRecorder extends AsyncDisposable {
  port: number
  /** Each command with its values, in their order. */
  commands: Amf[][]
}

const handshakeBytes = 3073

export async function startRtmpRecorder(): Promise<RtmpRecorder> {
  const commands: Amf[][] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    const reader = createChunkReader()
    let seen = Buffer.alloc(0)
    let greeted = false
    socket.on('data', (bytes: Buffer) => {
      const before = seen.length
      if (before < handshakeBytes) {
        seen = Buffer.concat([seen, bytes])
        if (!greeted && seen.length >= 1537) {
          greeted = true
          socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), seen.subarray(1, 1537)]))
        }
        if (seen.length > handshakeBytes) take(seen.subarray(handshakeBytes))
      } else take(bytes)
    })
    const take = (bytes: Buffer) => {
      for (const { type, payload } of reader.push(bytes)) {
        if (type !== commandType) continue
        const command = decodeAmf(payload)
        commands.push(command)
        const [name, transaction] = command
        if (name === 'play') socket.end()
        else if (name === 'connect' || name === 'createStream') {
          const level = { members: [['code', 'NetConnection.Connect.Success'] as [string, Amf]], isArray: false }
          const answer = encodeAmf(['_result', transaction, null, name === 'connect' ? level : 1])
          const message = { chunkStream: 3, type: commandType, messageStream: 0, timestamp: 0, payload: answer }
          socket.write(chunksOf(message, 128))
        }
      }
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
