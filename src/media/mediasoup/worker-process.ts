import process from 'node:process'
import * as mediasoup from 'mediasoup'
import type { PortRange } from './loopback-ports.ts'

export interface WorkerProcessOptions {
  /** UDP and TCP port of the WebRtcServer; 0 takes any free one of `mediaPorts`. */
  webRtcPort: number
  listenAddress: string
  announcedAddress: string
  mediaPorts: PortRange
}

/** A running mediasoup worker and its WebRtcServer. */
export interface WorkerProcess {
  worker: mediasoup.types.Worker
  webRtcServer: mediasoup.types.WebRtcServer
  webRtcPort: number
}

/** A worker that could not be started, or has no port; the message says which setting to change. */
export class WorkerStartError extends Error {
  override readonly name = 'WorkerStartError'
}

export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const starting = withoutSignalHandlers(() =>
    mediasoup.createWorker({
      logLevel: 'error',
      rtcMinPort: options.mediaPorts.min,
      rtcMaxPort: options.mediaPorts.max,
    }),
  )
  const worker = await starting.catch((cause: unknown) => {
    const message = `The mediasoup worker ${mediasoup.workerBin} could not be started. MEDIASOUP_WORKER_BIN names another one.`
    throw new WorkerStartError(message, { cause })
  })
  try {
    const listenInfos = (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip: options.listenAddress,
      announcedAddress: options.announcedAddress,
      ...(options.webRtcPort === 0 ? { portRange: options.mediaPorts } : { port: options.webRtcPort }),
    }))
    const webRtcServer = await worker.createWebRtcServer({ listenInfos })
    const { udpSockets } = await webRtcServer.dump()
    return { worker, webRtcServer, webRtcPort: udpSockets[0]!.port }
  } catch (error) {
    worker.close()
    const message =
      `Players' port ${options.webRtcPort} (UDP and TCP) on ${options.listenAddress} can not be had: it is taken by another process, ` +
      "or the address is not this machine's. Stop that one, or set WEBRTC_PORT (the first of a port a worker) or WEBRTC_LISTEN_IP."
    throw new WorkerStartError(message, { cause: error })
  }
}

/** Ends a worker; resolves when its process is gone. */
export async function endWorkerProcess({ worker }: WorkerProcess): Promise<void> {
  if (worker.subprocessClosed) return
  const gone = new Promise<void>((resolve) => worker.once('subprocessclose', resolve))
  worker.close()
  await gone
}

/**
 * mediasoup ends its workers by itself at the first SIGTERM or SIGINT, before anybody could hand streams back in order.
 * Workers end with their parent in any case, however it dies, since their channel closes.
 */
function withoutSignalHandlers<T>(start: () => T): T {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const before = signals.map((signal) => process.listeners(signal))
  const result = start()
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]!.includes(listener)) process.removeListener(signal, listener)
    }
  }
  return result
}
