import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import process from 'node:process'
import { crc32 } from 'node:zlib'
import type { SinkOrder, SinkTarget } from './srtp-sink.ts'

/**
 * The process of an SrtpSink (see there): for each player a socket that answers for ICE, and an openssl behind it for DTLS. What is no DTLS is dropped.
 */
const dtls = { first: 20, last: 63 }

const clients = new Set<ChildProcess>()

process.on('message', async (order: SinkOrder) => {
  if (order !== 'quiet') return connect(order)
  // A killed one says no goodbye.
  await Promise.all([...clients].map((client) => client.kill('SIGKILL') && once(client, 'exit')))
  process.send!('quiet')
})
process.on('disconnect', () => process.exit())

function connect({ port, usernameFragment, password, pem }: SinkTarget & { pem: string }): void {
  const [outside, inside] = [createSocket('udp4'), createSocket('udp4')]
  inside.bind(0, '127.0.0.1', () => {
    outside.connect(port, '127.0.0.1', () => outside.send(bindingRequest(`${usernameFragment}:sink`, password)))
  })
  let openssl: ChildProcess | null = null
  outside.on('message', (packet) => {
    // The answer to the request: DTLS may begin.
    if (!openssl && packet[0]! < 4) {
      const address = `127.0.0.1:${inside.address().port}`
      const args = ['s_client', '-dtls1_2', '-use_srtp', 'SRTP_AEAD_AES_128_GCM', '-cert', pem, '-key', pem]
      openssl = spawn('setpriv', ['--pdeathsig', 'KILL', 'openssl', ...args, '-connect', address], {
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      clients.add(openssl)
    }
    if (near && packet[0]! >= dtls.first && packet[0]! <= dtls.last) inside.send(packet, near, '127.0.0.1')
  })
  let near = 0
  inside.on('message', (packet, from) => {
    near = from.port
    outside.send(packet)
  })
}

/** A STUN binding request (RFC 8489) of a controlling agent that nominates at once. */
function bindingRequest(username: string, password: string): Buffer {
  const attributes = Buffer.concat([
    attribute(0x0006, Buffer.from(username)),
    attribute(0x0024, Buffer.from([0x6e, 0xff, 0xff, 0xff])),
    attribute(0x802a, randomBytes(8)),
    attribute(0x0025, Buffer.alloc(0)),
  ])
  const header = Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), randomBytes(12)])
  // Each of the two is made over a length that has itself in it.
  const signed = withLength(Buffer.concat([header, attributes]), 24)
  const hmac = createHmac('sha1', password).update(signed).digest()
  const whole = withLength(Buffer.concat([signed, attribute(0x0008, hmac)]), 8)
  const fingerprint = Buffer.alloc(4)
  fingerprint.writeUInt32BE((crc32(whole) ^ 0x5354554e) >>> 0)
  return Buffer.concat([whole, attribute(0x8028, fingerprint)])
}

function withLength(message: Buffer, more: number): Buffer {
  message.writeUInt16BE(message.length - 20 + more, 2)
  return message
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}
