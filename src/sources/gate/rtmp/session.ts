import type { Socket } from 'node:net'
import { SourceFailure } from '../../../streams/causes.ts'
import type { FailureCause } from '../../../streams/model.ts'
import { leave, mayReadOn } from '../passing.ts'
import { connectPinned } from '../pinned.ts'
import type { SourceUrl } from '../source-url.ts'
import type { Hold } from '../ticker.ts'
import type { WayRequest } from '../way.ts'
import { AmfError, decodeAmf, encodeAmf, mapStrings } from './amf.ts'
import {
  beginsMessages,
  ChunkError,
  chunkHeadBytes,
  commandType,
  createChunkReader,
  createChunkWriter,
} from './chunks.ts'
import { type RtmpNames, rtmpNames, rtmpPorts, serverNames } from './names.ts'

export interface RtmpSessionDeps {
  target: SourceUrl
  /** As FFmpeg makes them of the address that it was told. */
  localNames: RtmpNames
  way: WayRequest
  hold: Hold
}

/** One version byte and two blocks of 1,536 bytes, each way. */
const handshakeBytes = 1 + 2 * 1536
const plainVersion = 3
/** Before FFmpeg ends the wait itself. */
const lateMs = 4_400
const handshakeMs = 8_000
/** More than commands take. */
const mediaBytes = 16 * 1024

/** Serves one connection of FFmpeg's: puts the server's names into its commands, and passes everything else on as it comes. */
export function serveRtmp(client: Socket, { target, localNames, way, hold }: RtmpSessionDeps): void {
  const reader = createChunkReader()
  const write = createChunkWriter()
  const named = serverNames(localNames, rtmpNames(target))
  let server: Socket | null = null
  /** What FFmpeg sends while there is no connection yet: its part of the handshake. */
  let waiting: Buffer[] = []
  let fromClientBytes = 0
  let fromServerBytes = 0
  let isOurs = false
  let flows = false
  /** Of the server's first message. */
  let chunkHead: Buffer = Buffer.alloc(0)
  let hasEnded = false

  const late = setTimeout(() => way.report('TIMEOUT', 'The server has not answered yet.'), lateMs)
  const answer = setTimeout(() => fail('TIMEOUT', 'The server does not answer in time.'), handshakeMs)

  client.on('data', (bytes: Buffer) => {
    if (hasEnded) return
    const left = Math.max(0, handshakeBytes - fromClientBytes)
    fromClientBytes += bytes.length
    const out = [bytes.subarray(0, left), ...commands(bytes.subarray(left))].filter(({ length }) => length > 0)
    if (!server) waiting.push(...out)
    else for (const one of out) server.write(one)
    if (fromClientBytes > handshakeBytes && !server) end()
  })
  client.once('end', end).once('close', end)
  way.signal.addEventListener('abort', end)
  void reach()

  /** The commands of FFmpeg's as the server is to have them. */
  function commands(bytes: Buffer): Buffer[] {
    if (bytes.length === 0 || hasEnded) return []
    try {
      return reader.push(bytes).map((message) => {
        if (message.type !== commandType) return write(message)
        const values = decodeAmf(message.payload)
        const changed = values.map((value) => mapStrings(value, named))
        // Somebody who does not know the address is none of ours.
        isOurs ||= values[0] === 'connect' && JSON.stringify(values) !== JSON.stringify(changed)
        if (!isOurs) throw new ChunkError('not FFmpeg')
        return write({ ...message, payload: encodeAmf(changed) })
      })
    } catch (error) {
      if (!(error instanceof ChunkError || error instanceof AmfError)) throw error
      end()
      return []
    }
  }

  /** Connects and sends what waits. Never rejects. */
  async function reach(): Promise<void> {
    try {
      const { socket } = await connectPinned({
        addresses: await way.resolve(target.host),
        port: target.port ?? rtmpPorts[target.scheme]!,
        tlsFor: target.scheme === 'rtmps' ? target.host : null,
        deadlineMs: handshakeMs,
        signal: way.signal,
        onData: fromServer,
      })
      if (hasEnded) return void socket.destroy()
      server = socket
      socket.on('error', () => socket.destroy()).once('close', hungUp)
      if (socket.destroyed) return void hungUp()
      for (const one of waiting) socket.write(one)
      waiting = []
    } catch (error) {
      if (error instanceof SourceFailure) fail(error.cause, error.log[0] ?? error.message)
      else fail('UNKNOWN', 'The source gate failed.')
    }
  }

  function fromServer(bytes: Buffer): boolean {
    if (hasEnded || !server) return true
    if (fromServerBytes === 0 && bytes[0] !== plainVersion) {
      fail('UNSUPPORTED', 'What the server sends is no RTMP.')
      return true
    }
    const left = handshakeBytes + chunkHeadBytes - fromServerBytes
    if (left > 0) chunkHead = Buffer.concat([chunkHead, bytes.subarray(Math.max(0, left - chunkHeadBytes), left)])
    fromServerBytes += bytes.length
    if (fromServerBytes >= handshakeBytes) stopWaiting()
    if (left > 0 && left <= bytes.length && !beginsMessages(chunkHead)) {
      fail('UNSUPPORTED', 'What the server sends is no RTMP.')
      return true
    }
    if (fromServerBytes > handshakeBytes + mediaBytes) {
      flows = true
      way.flows()
    }
    client.write(bytes)
    return mayReadOn(server, client, bytes.length, flows ? hold : null)
  }

  function stopWaiting(): void {
    clearTimeout(late)
    clearTimeout(answer)
  }

  function hungUp(): void {
    if (fromServerBytes < handshakeBytes) fail('REFUSED', 'The server hangs up instead of an answer.')
    else end()
  }

  function fail(cause: FailureCause, note: string): void {
    if (hasEnded) return
    way.report(cause, note)
    end()
  }

  /** Ends both connections in order. */
  function end(): void {
    if (hasEnded) return
    hasEnded = true
    stopWaiting()
    way.signal.removeEventListener('abort', end)
    for (const socket of [client, server]) {
      if (!socket || socket.destroyed) continue
      if (way.signal.aborted) socket.destroy()
      else leave(socket)
    }
  }
}
