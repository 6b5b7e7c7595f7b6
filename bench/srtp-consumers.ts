import '../test/support/worker.ts'

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as mediasoup from 'mediasoup'
import * as sdpTransform from 'sdp-transform'
import { newId } from '../src/ids.ts'
import type { RtpTarget } from '../src/media/ffmpeg/types.ts'
import { producerRtpParameters, streamRouterCodecs } from '../src/media/mediasoup/codecs.ts'
import { chromiumOffer } from '../test/media/mediasoup/offers.ts'
import { freeUdpPorts } from '../test/support/free-ports.ts'
import { newRef, producerSpecs, startPool } from '../test/support/media-bed.ts'
import { until } from '../test/support/until.ts'
import { type Benchmark, type Figure, median } from './support/figure.ts'
import { type SinkTarget, SrtpSink } from './support/srtp-sink.ts'

const run = promisify(execFile)
const players = 60
const openAtOnce = 10
const windows = 8
const windowMs = 5_000
const goalRatio = 0.98

/** A worker with its players connected, each with one video consumer that flows. */
interface Side {
  what: string
  workerPid: number
  target: RtpTarget
  producer: mediasoup.types.Producer
  /** Opens one player at the server. */
  open(fingerprint: string): Promise<{ target: SinkTarget; connected: () => boolean }>
  /** RTP bytes that all players have been sent. */
  sentBytes(): Promise<number>
  close(): Promise<void>
}

/** A side of ours, and mediasoup doing the same with nothing around it. */
interface Pair {
  ours: Side
  bare: Side
}

/**
 * How many players one core carries: sessions of ours, by mediasoup's signalling and by WHEP, beside mediasoup with nothing around it, all at
 * once with the same video and as many players, each by real ICE and DTLS with SRTP into a socket that nobody reads. Counted is the time of
 * the worker's threads on the processor, in the same windows for all.
 */
export const srtpConsumers: Benchmark = {
  name: 'srtp-consumers',
  title: 'Players with SRTP on one core',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'weir-bench-srtp-'))
    const file = join(folder, 'video.ts')
    const pattern = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30', '-t', '10']
    const video = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-profile:v',
      'baseline',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '60',
    ]
    const rate = ['-b:v', '2M', '-maxrate', '2M', '-bufsize', '500k']
    await run('ffmpeg', ['-nostdin', '-v', 'error', ...pattern, ...video, ...rate, file])
    const pairs: Pair[] = []
    const senders: ChildProcess[] = []
    using sink = new SrtpSink()
    try {
      pairs.push({ ours: await signalled(), bare: await bareMediasoup('mediasoup alone') })
      pairs.push({ ours: await whep(), bare: await bareMediasoup('mediasoup alone, no header extensions', []) })
      const sides = pairs.flatMap((pair) => [pair.ours, pair.bare])
      for (const side of sides) await connectAll(side, sink)
      await sink.freeze()
      for (const { target } of sides) senders.push(send(file, target))
      await until('all receive', async () =>
        (await Promise.all(sides.map(packetsOf))).every((packets) => packets > 500),
      )
      return await measure(pairs)
    } finally {
      for (const sender of senders) sender.kill('SIGKILL')
      await Promise.all(pairs.flatMap((pair) => [pair.ours.close(), pair.bare.close()]))
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function measure(pairs: Pair[]): Promise<Figure[]> {
  const sides = pairs.flatMap((pair) => [pair.ours, pair.bare])
  const before = await Promise.all(sides.map(bytesOf))
  const samples = new Map(sides.map((side) => [side, [] as number[]]))
  for (let window = 0; window < windows; window += 1) {
    const start = await Promise.all(sides.map(look))
    await pause(windowMs)
    const end = await Promise.all(sides.map(look))
    const used = sides.map((_, index) => ({
      packets: end[index]!.packets - start[index]!.packets,
      cpuSeconds: end[index]!.cpuSeconds - start[index]!.cpuSeconds,
    }))
    // All are held against one rate of packets: their senders do not step alike.
    const packetsPerSecond = median(used.map(({ packets }) => packets)) / (windowMs / 1000)
    for (const [index, { packets, cpuSeconds }] of used.entries()) {
      samples.get(sides[index]!)!.push((players * packets) / cpuSeconds / packetsPerSecond)
    }
  }
  const after = await Promise.all(sides.map(bytesOf))
  for (const [index, { received, sent }] of after.entries()) {
    const part = (sent - before[index]!.sent) / (players * (received - before[index]!.received))
    if (part < 0.98) throw new Error(`${sides[index]!.what}: the players were sent ${part} of the video`)
  }
  return pairs.map(({ ours, bare }) => {
    const [value, beside] = [ours, bare].map((side) => median(samples.get(side)!)) as [number, number]
    return {
      what: `2 Mbit/s video, ${ours.what}: by the processor time of ${players}, median of ${windows} windows`,
      value,
      unit: 'players',
      beside: { what: bare.what, value: beside },
      goal: `ratio at least ${goalRatio}`,
      reached: value / beside >= goalRatio,
      samples: samples.get(ours)!,
    }
  })
}

async function look(side: Side): Promise<{ packets: number; cpuSeconds: number }> {
  const packets = await packetsOf(side)
  return { packets, cpuSeconds: cpuSeconds(side.workerPid) }
}

async function packetsOf({ producer }: Side): Promise<number> {
  return (await producer.getStats())[0]?.packetCount ?? 0
}

async function bytesOf(side: Side): Promise<{ received: number; sent: number }> {
  return { received: (await side.producer.getStats())[0]!.byteCount, sent: await side.sentBytes() }
}

/** Of all threads of a process, as the scheduler counts it. */
function cpuSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const ns = readdirSync(tasks).map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]))
  return ns.reduce((sum, of) => sum + of, 0) / 1e9
}

async function connectAll(side: Side, sink: SrtpSink): Promise<void> {
  for (let opened = 0; opened < players; opened += openAtOnce) {
    const waiting = await Promise.all(Array.from({ length: openAtOnce }, () => side.open(sink.fingerprint)))
    for (const { target } of waiting) sink.connect(target)
    await until('the players are connected', () => waiting.every(({ connected }) => connected()))
  }
}

function send(file: string, target: RtpTarget): ChildProcess {
  const ports = `rtcpport=${target.rtcpPort}&localrtpport=${target.localRtpPort}&localrtcpport=${target.localRtcpPort}`
  const input = ['-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', file, '-c', 'copy']
  const output = ['-payload_type', String(target.payloadType), '-ssrc', String(target.ssrc)]
  const address = `rtp://127.0.0.1:${target.rtpPort}?${ports}&pkt_size=1200`
  const all = [...input, ...output, '-f', 'rtp', address]
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'ffmpeg', ...all], { stdio: 'ignore' })
}

async function bareMediasoup(what: string, headerExtensions?: []): Promise<Side> {
  const worker = await mediasoup.createWorker({ logLevel: 'error' })
  const listen = { ip: '127.0.0.1' }
  const webRtcServer = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ...listen }] })
  const router = await worker.createRouter({ mediaCodecs: streamRouterCodecs() })
  const input = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ...listen },
    rtcpMux: false,
    comedia: false,
  })
  const [localRtpPort, localRtcpPort] = await freeUdpPorts(2)
  await input.connect({ ip: '127.0.0.1', port: localRtpPort!, rtcpPort: localRtcpPort! })
  const ssrc = 1
  const transports: mediasoup.types.WebRtcTransport[] = []
  const producer = await input.produce({ kind: 'video', rtpParameters: producerRtpParameters('VIDEO', ssrc, 'bare') })
  return {
    what,
    workerPid: worker.pid,
    producer,
    target: {
      ssrc,
      payloadType: 96,
      rtpPort: input.tuple.localPort,
      rtcpPort: input.rtcpTuple!.localPort,
      localRtpPort: localRtpPort!,
      localRtcpPort: localRtcpPort!,
      sequence: 1,
    },
    async open(value) {
      const transport = await router.createWebRtcTransport({ webRtcServer, iceConsentTimeout: 0 })
      transports.push(transport)
      const rtpCapabilities = { ...router.rtpCapabilities, ...(headerExtensions && { headerExtensions }) }
      await transport.consume({ producerId: producer.id, rtpCapabilities })
      await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] } })
      const [{ port }] = transport.iceCandidates as [mediasoup.types.IceCandidate]
      return { target: { port, ...transport.iceParameters }, connected: () => transport.dtlsState === 'connected' }
    },
    async sentBytes() {
      const stats = await Promise.all(transports.map((transport) => transport.getStats()))
      return stats.reduce((sum, [transport]) => sum + transport!.rtpBytesSent, 0)
    },
    async close() {
      worker.close()
    },
  }
}

/** A pool of ours with one stream; `open` is one player's opening, and gives its ICE candidate and credentials. */
async function ours(
  what: string,
  open: (pool: Awaited<ReturnType<typeof startPool>>, streamId: string, fingerprint: string) => Promise<Opened>,
): Promise<Side> {
  const pool = await startPool({ sessionTimes: { consentSeconds: 0 } })
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO'))
  const connected = new Set<string>()
  pool.sessions.onNotice(({ consumerId, what: notice }) => notice === 'CONNECTED' && connected.add(consumerId))
  return {
    what,
    workerPid: media.workerPid,
    producer: media.producer('VIDEO')!,
    target: (await media.rtpTarget('VIDEO'))!,
    async open(fingerprint) {
      const { consumerId, target } = await open(pool, media.streamId, fingerprint)
      return { target, connected: () => connected.has(consumerId) }
    },
    async sentBytes() {
      const figures = await pool.sessions.sessionFigures({ consumerIds: [...connected] })
      return figures.reduce((sum, { bytesSent }) => sum + bytesSent!, 0)
    },
    close: () => pool.close(),
  }
}

interface Opened {
  consumerId: string
  target: SinkTarget
}

function signalled(): Promise<Side> {
  return ours("by mediasoup's signalling", async ({ sessions }, streamId, value) => {
    const ref = newRef()
    const { transportOptions, routerRtpCapabilities } = await sessions.openTransport({ ...ref, streamId })
    await sessions.consume({ ...ref, rtpCapabilities: routerRtpCapabilities })
    const fingerprints = [{ algorithm: 'sha-256' as const, value }]
    await sessions.connect({ ...ref, dtlsParameters: { role: 'client', fingerprints } })
    await sessions.setPaused({ ...ref, kinds: null, paused: false })
    const [{ port }] = transportOptions.iceCandidates as [mediasoup.types.IceCandidate]
    return { consumerId: ref.consumerId, target: { port, ...transportOptions.iceParameters } }
  })
}

function whep(): Promise<Side> {
  return ours('by WHEP, as Chromium offers', async ({ sessions }, streamId, fingerprint) => {
    const ref = newRef()
    const offer = chromiumOffer.replaceAll(/a=fingerprint:.*\r\n/g, `a=fingerprint:sha-256 ${fingerprint}\r\n`)
    const { answer } = await sessions.openWhep({ ...ref, streamId, offer })
    const [section] = sdpTransform.parse(answer).media
    const { candidates, iceUfrag, icePwd } = section!
    const target = { port: candidates![0]!.port, usernameFragment: String(iceUfrag), password: String(icePwd) }
    return { consumerId: ref.consumerId, target }
  })
}
