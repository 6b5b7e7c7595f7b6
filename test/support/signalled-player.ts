import { build } from 'esbuild'
import type { types } from 'mediasoup-client'
import type { Page } from 'playwright-core'
import type { SessionMethods, SessionRef } from '../../src/consumers/media.ts'
import type { Player } from './chromium.ts'

declare global {
  interface Window {
    mediasoupClient: typeof import('mediasoup-client')
    signal<Method extends keyof SessionMethods>(
      method: Method,
      body: Parameters<SessionMethods[Method]>[0],
    ): ReturnType<SessionMethods[Method]>
    transport: types.Transport
    /** The server's word that it has closed the transport: ICE alone finds that out after seconds. */
    closedByServer: Promise<void>
  }
}

/** mediasoup-client for a page, as `window.mediasoupClient`. */
async function clientScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'mediasoup-client'", resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'mediasoupClient',
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

/** What mediasoup-client says that this browser takes, of what a router has. */
export async function recvCapabilities(page: Page, routerRtpCapabilities: object): Promise<object> {
  if (!(await page.evaluate(() => 'mediasoupClient' in window)))
    await page.addScriptTag({ content: await clientScript() })
  return page.evaluate(async (routerRtpCapabilities) => {
    const device = new window.mediasoupClient.Device()
    await device.load({ routerRtpCapabilities: routerRtpCapabilities as types.RtpCapabilities })
    return device.recvRtpCapabilities
  }, routerRtpCapabilities)
}

/** Plays in a tab by mediasoup-client, in the order that it asks for; resolves when all tracks are resumed. With `udpPort` media goes by that port of this machine. */
export async function playSignalled(
  { page }: Player,
  sessions: SessionMethods,
  ref: SessionRef,
  streamId: string,
  udpPort: number | null = null,
): Promise<void> {
  if (!(await page.evaluate(() => 'mediasoupClient' in window))) {
    await page.addScriptTag({ content: await clientScript() })
    await page.exposeFunction('signal', (method: keyof SessionMethods, body: never) => sessions[method](body))
  }
  await page.evaluate(
    async ({ ref, streamId, udpPort }) => {
      const { routerRtpCapabilities, transportOptions } = await window.signal('openTransport', { ...ref, streamId })
      const { iceCandidates } = transportOptions
      if (udpPort !== null) {
        transportOptions.iceCandidates = iceCandidates.flatMap((candidate) =>
          candidate.protocol === 'udp' ? [{ ...candidate, port: udpPort }] : [],
        )
      }
      const device = new window.mediasoupClient.Device()
      await device.load({ routerRtpCapabilities: routerRtpCapabilities as types.RtpCapabilities })
      const transport = device.createRecvTransport(transportOptions as types.TransportOptions)
      window.transport?.close()
      window.transport = transport
      transport.on('connect', ({ dtlsParameters }, done, failed) => {
        window.signal('connect', { ...ref, dtlsParameters: dtlsParameters as never }).then(done, failed)
      })
      const rtpCapabilities = device.recvRtpCapabilities as never
      const tracks = await window.signal('consume', { ...ref, rtpCapabilities })
      const media = new MediaStream()
      for (const { consumerOptions } of tracks) {
        const consumer = await transport.consume(consumerOptions as types.ConsumerOptions)
        media.addTrack(consumer.track)
        const dtls = consumer.rtpReceiver!.transport!
        window.closedByServer = new Promise((resolve) =>
          dtls.addEventListener('statechange', () => dtls.state === 'closed' && resolve()),
        )
      }
      const video = document.querySelector('video')!
      video.srcObject = media
      await window.signal('setPaused', { ...ref, kinds: null, paused: false })
      await video.play()
    },
    { ref, streamId, udpPort },
  )
}
