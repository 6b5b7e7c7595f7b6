import { createSocket } from 'node:dgram'
import type { FailureCause, StreamSource } from '../../streams/model.ts'

/** A host that is there says within this time that nothing listens. */
const waitMs = 500

/**
 * What a cause is after one more look: SRT's library hears of a closed port, and says the same as of one that is silent.
 * Never rejects.
 */
export async function causeAfterLook(cause: FailureCause, source: StreamSource): Promise<FailureCause> {
  if (cause !== 'TIMEOUT' || source.kind !== 'SRT') return cause
  const { hostname, port } = new URL(source.url)
  return (await isClosed(hostname.replace(/^\[|\]$/g, ''), Number(port))) ? 'REFUSED' : cause
}

/** Whether the host answers one datagram by saying that nothing listens on that UDP port. */
async function isClosed(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(resolve, waitMs, false)
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
      // Only a connected socket is told.
      socket.connect(port, host, ((error?: Error) => (error ? reject(error) : socket.send('?'))) as () => void)
    })
  } catch {
    return false
  } finally {
    socket.close()
  }
}
