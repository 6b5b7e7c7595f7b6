import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { setLogEventListeners } from 'mediasoup'
import { WeirError } from '../../errors.ts'
import type { Logger } from '../../platform/logs/logger.ts'
import { defaultAnnouncedAddresses } from './announced-addresses.ts'
import { streamRouterCodecs } from './codecs.ts'
import { LoopbackPorts, type PortRange } from './loopback-ports.ts'
import { sessionsPerWorker } from './placement.ts'
import { receiveBufferWarning } from './receive-buffer.ts'
import type { RoomPlace } from './room.ts'
import { type SessionTimes, sessionTimes } from './session.ts'
import { Sessions } from './sessions.ts'
import { MediasoupStream } from './stream-media.ts'
import type { MediasoupPool, ProducerSpec } from './types.ts'
import type { WorkerProcess } from './worker-process.ts'
import { workerPulseMs } from './worker-pulse.ts'
import { WorkerSlot } from './worker-slot.ts'

export interface MediasoupPoolOptions {
  /** How many workers; one a core is the usual. */
  workers: number
  /** The first worker's UDP and TCP port for players, each further worker's is one more. 0: any free ports. */
  webRtcPort: number
  /** What players are told. Default: every IPv4 address of this machine and loopback. */
  announcedAddresses?: string[] | null
  /** Where players' ports are opened. Default 0.0.0.0. */
  listenAddress?: string
  log: Logger
  now?: () => number
  random?: () => number
  /** Sessions on this node at a time. Default 1000. */
  maxConsumers?: number
  /** Sessions of one stream on its own worker, before others serve it too. Default 300. */
  sessionsPerWorker?: number
  /** UDP ports of 127.0.0.1 that FFmpeg sends from. */
  senderPorts?: PortRange
  /** Ports that mediasoup receives on. Must not overlap `senderPorts`. */
  mediaPorts?: PortRange
  sessionTimes?: Partial<SessionTimes>
  /** How often each worker is asked for a sign of life; one that is silent from one to the next is killed. Default 10 s. */
  workerPulseMs?: number
}

/** Both below the kernel's ephemeral ports (32768 and up), so that no other program is given one between two processes. */
export const defaultSenderPorts: PortRange = { min: 20_000, max: 25_999 }
export const defaultMediaPorts: PortRange = { min: 26_000, max: 31_999 }

/** How long openStream waits for a worker while all are being replaced. */
const workerDeadlineMs = 5_000

/** Starts the workers. Throws when one can't be started or its port can't be bound. */
export async function createMediasoupPool(options: MediasoupPoolOptions): Promise<Pool> {
  const warning = receiveBufferWarning(await readFile('/proc/sys/net/core/rmem_max', 'utf8').catch(() => null))
  if (warning)
    options.log.warn(warning, 'The kernel caps receive buffers, keyframes will lose packets: raise net.core.rmem_max')
  // mediasoup has one log for all of its workers.
  setLogEventListeners({
    onwarn: (namespace, text) => options.log.warn({ namespace, text }, 'mediasoup warns'),
    onerror: (namespace, text, error) =>
      options.log.error({ namespace, text, err: error }, 'mediasoup reports an error'),
  })
  const pool = new Pool(options)
  await pool.start()
  return pool
}

export class Pool implements MediasoupPool {
  readonly #options: Required<Omit<MediasoupPoolOptions, 'announcedAddresses' | 'sessionTimes'>>
  readonly #announcedAddresses: string[]
  readonly #times: SessionTimes
  readonly #slots: WorkerSlot[]
  readonly #ports: LoopbackPorts
  readonly #streams = new Map<string, { slot: WorkerSlot; media: MediasoupStream | null }>()
  /** What is done for players of the streams that run here. */
  readonly sessions: Sessions
  #closed = false

  constructor(options: MediasoupPoolOptions) {
    this.#options = {
      listenAddress: '0.0.0.0',
      now: Date.now,
      random: Math.random,
      maxConsumers: 1000,
      sessionsPerWorker,
      senderPorts: defaultSenderPorts,
      mediaPorts: defaultMediaPorts,
      workerPulseMs,
      ...options,
    }
    this.#announcedAddresses = options.announcedAddresses?.length
      ? options.announcedAddresses
      : defaultAnnouncedAddresses(networkInterfaces())
    this.#times = { ...sessionTimes, ...options.sessionTimes }
    this.#ports = new LoopbackPorts(this.#options.senderPorts, this.#options.random)
    const { webRtcPort, listenAddress, mediaPorts, workerPulseMs: pulseMs, maxConsumers, now, log } = this.#options
    this.sessions = new Sessions({
      maxConsumers,
      now,
      log,
      ofStream: (streamId) => this.#streams.get(streamId)?.media?.sessions ?? null,
    })
    this.#slots = Array.from(
      { length: options.workers },
      (_, index) =>
        new WorkerSlot({
          index,
          webRtcPort: webRtcPort === 0 ? 0 : webRtcPort + index,
          listenAddress,
          announcedAddress: this.#announcedAddresses[0]!,
          mediaPorts,
          pulseMs,
          now,
          log,
        }),
    )
  }

  async start(): Promise<void> {
    const results = await Promise.allSettled(this.#slots.map((slot) => slot.start()))
    const failure = results.find((result) => result.status === 'rejected')
    if (!failure) return
    await this.close()
    throw failure.reason
  }

  async openStream(streamId: string, producers: ProducerSpec[]): Promise<MediasoupStream> {
    if (this.#closed) throw new WeirError('UNAVAILABLE', 'The node is stopping.')
    if (this.#streams.has(streamId)) throw new WeirError('CONFLICT', 'The stream is open already.')
    const entry: { slot: WorkerSlot; media: MediasoupStream | null } = { slot: this.#leastLoaded(), media: null }
    this.#streams.set(streamId, entry)
    try {
      const running = entry.slot.current ?? (await this.#anyRunning(entry))
      const media = await this.#open(streamId, { index: entry.slot.index, running }, () => {
        if (this.#streams.get(streamId) === entry) this.#streams.delete(streamId)
      })
      entry.media = media
      try {
        for (const producer of producers) await media.addProducer(producer)
      } catch (error) {
        await media.close()
        throw error
      }
      return media
    } catch (error) {
      if (this.#streams.get(streamId) === entry) this.#streams.delete(streamId)
      throw asWeirError(error, 'The media worker could not open the stream; try again.')
    }
  }

  workers(): { index: number; pid: number; streams: number; webRtcPort: number }[] {
    return this.#slots.flatMap((slot) => {
      if (!slot.current) return []
      const { worker, webRtcPort } = slot.current
      return [{ index: slot.index, pid: worker.pid, streams: this.#load(slot), webRtcPort }]
    })
  }

  /** Players that are connected. */
  viewerCount(): number {
    return [...this.#streams.values()].reduce((sum, { media }) => sum + (media?.viewerCount() ?? 0), 0)
  }

  /** What is held at this moment, in the workers' own words: for tests that nothing is left behind. */
  async inventory(): Promise<{ routers: number; webRtcTransports: number; sessions: number; ports: number }> {
    const running = this.#slots.flatMap((slot) => slot.current ?? [])
    const workers = await Promise.all(running.map(({ worker }) => worker.dump()))
    const servers = await Promise.all(running.map(({ webRtcServer }) => webRtcServer.dump()))
    return {
      routers: workers.reduce((sum, dump) => sum + dump.routerIds.length, 0),
      webRtcTransports: servers.reduce((sum, dump) => sum + dump.webRtcTransportIds.length, 0),
      sessions: this.sessions.count,
      ports: this.#ports.taken,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.sessions.closeAll()
    await Promise.all([...this.#streams.values()].map(({ media }) => media?.close()))
    await Promise.all(this.#slots.map((slot) => slot.close()))
  }

  async #open(streamId: string, home: RoomPlace, onGone: () => void): Promise<MediasoupStream> {
    const { mediaPorts, sessionsPerWorker, now, log } = this.#options
    const router = await home.running.worker.createRouter({ mediaCodecs: streamRouterCodecs() })
    return new MediasoupStream({
      streamId,
      home,
      router,
      input: { ports: this.#ports, mediaPorts, now },
      sessions: {
        workers: () => this.#places(),
        sessionsPerWorker,
        mediaPorts,
        announcedAddresses: this.#announcedAddresses,
        times: this.#times,
        now,
        log,
        ...this.sessions.events,
      },
      onGone,
    })
  }

  /** The workers that run, and how many sessions sit on each. */
  #places(): (RoomPlace & { sessions: number })[] {
    const sessions = new Map<number, number>()
    for (const { media } of this.#streams.values()) {
      for (const [index, count] of media?.sessions.places ?? []) {
        sessions.set(index, (sessions.get(index) ?? 0) + count)
      }
    }
    return this.#slots.flatMap(({ index, current }) =>
      current ? { index, running: current, sessions: sessions.get(index) ?? 0 } : [],
    )
  }

  #load(slot: WorkerSlot): number {
    return [...this.#streams.values()].filter((entry) => entry.slot === slot).length
  }

  /** Of the running ones; of all, where none runs. */
  #leastLoaded(): WorkerSlot {
    const running = this.#slots.filter((slot) => slot.current)
    const loads = (running.length > 0 ? running : this.#slots).map((slot) => ({ slot, load: this.#load(slot) }))
    return loads.reduce((best, next) => (next.load < best.load ? next : best)).slot
  }

  /** Waits for the first worker to run again, and puts the stream there. */
  #anyRunning(entry: { slot: WorkerSlot }): Promise<WorkerProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerProcess>()
    const cancels = this.#slots.map((slot) =>
      slot.onRunning((running) => {
        entry.slot = slot
        resolve(running)
      }),
    )
    const deadline = setTimeout(
      () => reject(new WeirError('UNAVAILABLE', 'No media worker is running; they are being replaced.')),
      workerDeadlineMs,
    )
    return promise.finally(() => {
      clearTimeout(deadline)
      for (const cancel of cancels) cancel()
    })
  }
}

function asWeirError(error: unknown, message: string): WeirError {
  return error instanceof WeirError ? error : new WeirError('UNAVAILABLE', message, {}, { cause: error })
}
