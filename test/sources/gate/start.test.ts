import { afterEach, expect, test } from 'vitest'
import { parseIpRange } from '../../../src/network/ip.ts'
import { silentLogger } from '../../../src/platform/logs/logger.ts'
import { startSourceGate } from '../../../src/sources/gate/start.ts'
import type { SourceGate } from '../../../src/sources/gate.ts'
import type { SourceRules } from '../../../src/sources/policy.ts'
import { until } from '../../support/until.ts'

const rules: SourceRules = {
  always: [parseIpRange('127.0.0.2/32')!],
  allowPrivate: false,
  schemes: null,
  only: null,
  never: [],
}
const owner = { projectId: 'project', streamId: 'stream' }

let gate: SourceGate | null = null
afterEach(async () => {
  await gate?.close()
  gate = null
})

test('the gate refuses what the rules refuse, whatever the protocol', async () => {
  gate = startSourceGate({ rulesOf: async () => rules, logger: silentLogger })
  const refused = ['rtsp://127.0.0.1/x', 'rtmp://10.0.0.1/x/y', 'srt://[::1]:7000', 'http://169.254.169.254/latest']
  const kinds = ['RTSP', 'RTMP', 'SRT', 'HTTP'] as const
  for (const [at, url] of refused.entries())
    await expect(gate.open({ kind: kinds[at]!, url }, owner)).rejects.toMatchObject({ cause: 'BLOCKED' })
  const opened = await gate.open({ kind: 'HTTP', url: 'http://127.0.0.2/live.ts' }, owner)
  expect(opened.failure()).toBeNull()
  opened.close()
  opened.close()
})

test('a thread that dies is replaced, and what was open has failed', async () => {
  const code = `
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ id, source }) => {
      if (source.url.includes('hostile')) throw new Error('hostile')
      parentPort.postMessage({ tell: 'OPENED', id, url: 'http://127.0.0.1:1/token/source' })
    })`
  const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
  const started = startSourceGate({ rulesOf: async () => rules, logger: silentLogger, workerUrl })
  gate = started
  const open = (url: string) => started.open({ kind: 'HTTP', url }, owner)
  const opened = await open('http://127.0.0.2/')
  await expect(open('http://hostile/')).rejects.toMatchObject({ cause: 'UNKNOWN' })
  await until('it is told', () => opened.failure())
  expect(opened.failure()).toMatchObject({ cause: 'UNKNOWN' })
  await until('another thread', () => open('http://127.0.0.2/').catch(() => null))
})
