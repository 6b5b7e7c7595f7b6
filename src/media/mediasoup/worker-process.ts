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

export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const starting = withoutSignalHandlers(() =>
    mediasoup.createWorker({
      logLevel: 'error',
      rtcMinPort: options.mediaPorts.min,
      rtcMaxPort: options.mediaPorts.max,
    }),
  )
  const worker = await starting.catch((cause: unknown) => {
    throw new Error(`The mediasoup worker ${mediasoup.workerBin} could not be started`, { cause })
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
    throw new Error(`mediasoup can not listen on UDP and TCP port ${options.webRtcPort} of ${options.listenAddress}`, {
      cause: error,
    })
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
