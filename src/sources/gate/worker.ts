import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from './messages.ts'
import { systemLookup } from './resolve.ts'
import { asFailure, type OpenedSource, openSource } from './sources.ts'

/** The gate's thread: hostile bytes and relayed media are its business alone. */
const port = parentPort!
const tell = (message: FromWorker) => port.postMessage(message)
/** Also those that are being opened; one that was closed meanwhile is not there any more. */
const sources = new Map<number, OpenedSource | null>()

port.on('message', (message: ToWorker) => {
  const { id } = message
  if (message.do === 'CLOSE') {
    sources.get(id)?.close()
    sources.delete(id)
    return
  }
  sources.set(id, null)
  openSource(message.source, message.rules, (failure) => tell({ tell: 'FAILURE', id, failure }), {
    lookup: systemLookup,
    now: Date.now,
  }).then(
    (opened) => {
      if (!sources.has(id)) return opened.close()
      sources.set(id, opened)
      tell({ tell: 'OPENED', id, url: opened.url })
    },
    (error: unknown) => {
      sources.delete(id)
      tell({ tell: 'REFUSED', id, failure: asFailure(error) })
    },
  )
})
