import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Logger } from '../../platform/logs/logger.ts'
import { SourceFailure } from '../../streams/causes.ts'
import type { GatedSource, SourceGate } from '../gate.ts'
import type { SourceRules } from '../policy.ts'
import { createGatedSource } from './gated-source.ts'
import type { FromWorker, GateFailure, ToWorker } from './messages.ts'

interface Open {
  opened(url: string): void
  refused(failure: GateFailure): void
  failed(failure: GateFailure | null): void
}

/** A worker that dies again and again is started so often. */
const restartMs = 1_000
const workerMemoryMb = 512
const died: GateFailure = { cause: 'UNKNOWN', note: 'The source gate has failed and was started again.' }

/** Starts the gate's thread; another takes its place should it die, and what was open then has failed. */
export function startSourceGate(deps: {
  rulesOf(projectId: string): Promise<SourceRules>
  logger: Logger
  /** For tests. */
  workerUrl?: URL
}): SourceGate {
  const open = new Map<number, Open>()
  let nextId = 1
  let closed = false
  let isUp = false
  let worker = start()

  function start(): Worker {
    const thread = new Worker(deps.workerUrl ?? new URL('./worker.ts', import.meta.url), {
      name: 'source gate',
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: workerMemoryMb },
    })
    isUp = true
    thread.on('message', heard)
    thread.on('error', (error) => deps.logger.error({ error }, 'the source gate failed'))
    thread.once('exit', () => void replace())
    return thread
  }

  async function replace(): Promise<void> {
    isUp = false
    for (const [id, source] of [...open]) {
      source.failed(died)
      source.refused(died)
      open.delete(id)
    }
    if (closed) return
    deps.logger.error({}, 'the source gate has ended; starting another')
    await sleep(restartMs)
    if (!closed) worker = start()
  }

  function heard(message: FromWorker): void {
    const source = open.get(message.id)
    if (!source) return
    if (message.tell === 'OPENED') source.opened(message.url)
    else if (message.tell === 'REFUSED') source.refused(message.failure)
    else source.failed(message.failure)
  }

  const tell = (message: ToWorker) => worker.postMessage(message)

  return {
    async open(source, { projectId }) {
      const rules = await deps.rulesOf(projectId)
      if (!isUp) throw new SourceFailure(died.cause, undefined, [died.note])
      const id = nextId++
      const { promise, resolve, reject } = Promise.withResolvers<GatedSource>()
      const entry: Open = {
        opened(url) {
          const close = () => {
            if (open.delete(id)) tell({ do: 'CLOSE', id })
          }
          const { gated, told } = createGatedSource(source, url, close)
          entry.failed = told
          resolve(gated)
        },
        refused({ cause, note }) {
          open.delete(id)
          reject(new SourceFailure(cause, undefined, [note]))
        },
        failed() {},
      }
      open.set(id, entry)
      tell({ do: 'OPEN', id, source, rules })
      return promise
    },
    async close() {
      closed = true
      await worker.terminate()
    },
  }
}
