import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { type CameraOptions, startCamera } from '../../support/camera.ts'
import { startCameraLine } from '../../support/camera-line.ts'
import { selfSigned } from '../../support/certificate.ts'
import { ingest, learn } from '../../support/ingest.ts'
import { until } from '../../support/until.ts'

const password = 'pa:ss"w0rd'
const userinfo = `viewer:${encodeURIComponent(password)}@`

describe('a camera behind the gate', () => {
  test.each<[string, CameraOptions]>([
    ['Digest', { password, auth: 'digest' }],
    ['Basic', { password, auth: 'basic' }],
    ['no password', {}],
  ])('is asked what FFmpeg asks, by its own addresses: %s', async (_, options) => {
    await using camera = await startCamera({ ...options, audio: 'pcmu' })
    // A session so short that it has to be kept alive every second.
    await using line = await startCameraLine(camera.port, {
      answer: (text) => text.replace(/^(Session: [^;\r]+)(?=\r)/m, '$1;timeout=2'),
    })
    const base = `rtsp://127.0.0.1:${line.port}/live`
    const url = options.password ? base.replace('//', `//${userinfo}`) : base
    const running = await ingest({ kind: 'RTSP', url }, { tracks: await learn({ kind: 'RTSP', url }) })
    try {
      await Promise.all([running.video.packets(20), running.audio.packets(20)])
      line.requests.splice(0)
      const asked = () =>
        line.requests.filter(({ method }) => method === 'GET_PARAMETER' || method === 'OPTIONS').length
      await until('the session is kept alive', () => asked() >= 2)
      const commandLine = await readFile(`/proc/${running.process.pid}/cmdline`, 'utf8')
      for (const secret of [password, encodeURIComponent(password)]) expect(commandLine).not.toContain(secret)
    } finally {
      await running[Symbol.asyncDispose]()
    }
    await until('the session is given back', () => line.requests.some(({ method }) => method === 'TEARDOWN'))
    for (const { uri, authorization } of line.requests) {
      expect(uri.startsWith(base)).toBe(true)
      expect(uri).not.toContain('@')
      expect(authorization?.split(' ')[0] ?? null).toBe(
        options.password ? (options.auth === 'basic' ? 'Basic' : 'Digest') : null,
      )
    }
    expect(new Set(line.statuses.slice(-3))).toEqual(new Set([200]))
    await until('the camera has nobody', () => camera.counts['client-closed'] === camera.counts['client-connected'])
  })

  test('that hangs up ends FFmpeg in order', async () => {
    await using camera = await startCamera()
    await using running = await ingest({ kind: 'RTSP', url: camera.url() })
    await running.video.packets(20)
    await camera.dropClients()
    expect(await running.process.exited).toMatchObject({ code: 0, cause: 'ENDED' })
  })

  test('with a certificate of its own making, over TLS', async () => {
    await using camera = await startCamera({ password })
    await using line = await startCameraLine(camera.port, { tls: await selfSigned() })
    const url = `rtsps://${userinfo}127.0.0.1:${line.port}/live`
    await using running = await ingest({ kind: 'RTSP', url }, { tracks: await learn({ kind: 'RTSP', url }) })
    await running.video.packets(50)
    expect(running.video.received.jumps).toBe(0)
    expect(line.requests[0]!.uri.startsWith('rtsps://127.0.0.1:')).toBe(true)
  })

  test('that speaks no TLS where it should says so', async () => {
    await using camera = await startCamera()
    await expect(learn({ kind: 'RTSP', url: camera.url().replace('rtsp', 'rtsps') })).rejects.toMatchObject({
      cause: 'TLS',
    })
  })

  test('over UDP gets the reports, and its media comes', async () => {
    await using camera = await startCamera({ audio: 'pcmu' })
    const url = camera.url()
    await using running = await ingest({ kind: 'RTSP', url, rtspTransport: 'UDP' })
    await Promise.all([running.video.packets(100), running.audio.packets(100)])
    expect(running.video.received.jumps).toBe(0)
  })
})
