import { setTimeout as pause } from 'node:timers/promises'
import * as mediasoup from 'mediasoup'
import { codecs, producerRtpParameters, streamRouterCodecs } from '../src/media/mediasoup/codecs.ts'
import { parseWhepOffer } from '../src/media/mediasoup/whep-offer.ts'
import { chromiumOffer } from '../test/media/mediasoup/offers.ts'
import { startPostgresServer } from '../test/support/postgres-server.ts'
import { adminKey, Weir } from '../test/support/weir.ts'
import { type Benchmark, percentile } from './support/figure.ts'

const perSecond = 20
const seconds = 60
/** Not measured: what is compiled, connected and cached by then. */
const warmUpSeconds = 5
const holdSeconds = 10
const goalMs = 150

/** Sessions opened by WHEP, each closed after a while, at a whole node on PostgreSQL with a live stream; beside it what mediasoup alone takes for one. */
export const whepOpen: Benchmark = {
  name: 'whep-open',
  title: 'Opening a session by WHEP',
  async run() {
    const bare = await withBareMediasoup((open) => atRate(open))
    const whole = await withWholeNode((open) => atRate(open))
    return [0.5, 0.99].map((part) => {
      const value = percentile(whole, part)
      return {
        what: `${perSecond} a second for ${seconds} s, to the answer: ${part === 0.5 ? 'median' : 'p99'}`,
        value,
        unit: 'ms',
        beside: {
          what: 'mediasoup alone: createWebRtcTransport, connect, consume twice',
          value: percentile(bare, part),
        },
        goal: `p99 at most ${goalMs} ms`,
        reached: percentile(whole, 0.99) <= goalMs,
        samples: whole,
      }
    })
  },
}

/** Opens one; resolves with the way to close it. */
type Open = () => Promise<() => Promise<void>>

/** Opens at the rate whatever it takes, from when each was due; closes each after a while. ms. */
async function atRate(open: Open): Promise<number[]> {
  const tookMs: number[] = []
  const running: Promise<void>[] = []
  const beganAt = performance.now()
  for (let n = 0; n < (warmUpSeconds + seconds) * perSecond; n++) {
    const dueAt = beganAt + (n * 1000) / perSecond
    await pause(Math.max(0, dueAt - performance.now()))
    const one = async () => {
      const close = await open()
      if (n >= warmUpSeconds * perSecond) tookMs.push(performance.now() - dueAt)
      await pause(holdSeconds * 1000)
      await close()
    }
    running.push(one())
  }
  await Promise.all(running)
  return tookMs
}

async function withWholeNode<T>(measure: (open: Open) => Promise<T>): Promise<T> {
  const postgres = await startPostgresServer()
  try {
    await using weir = await Weir.start({ env: { DATABASE_URL: `${postgres.url}postgres`, LOG_LEVEL: 'warn' } })
    const source = { testPattern: { width: 640, height: 360, fps: 15, tone: true } }
    const { id } = await weir.liveStream({ name: 'Watched', source })
    const endpoint = `${weir.url}/whep/${id}`
    const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${adminKey}` }
    return await measure(async () => {
      const response = await fetch(endpoint, { method: 'POST', headers, body: chromiumOffer })
      const answer = await response.text()
      if (response.status !== 201) throw new Error(`WHEP answered ${response.status}: ${answer}`)
      const session = new URL(response.headers.get('location')!, endpoint)
      return async () => {
        const ended = await fetch(session, { method: 'DELETE' })
        if (!ended.ok) throw new Error(`the end of a session was answered with ${ended.status}`)
      }
    })
  } finally {
    await postgres.stop()
  }
}

async function withBareMediasoup<T>(measure: (open: Open) => Promise<T>): Promise<T> {
  const worker = await mediasoup.createWorker()
  try {
    const listenInfos = (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ip: '127.0.0.1' }))
    const webRtcServer = await worker.createWebRtcServer({ listenInfos })
    const router = await worker.createRouter({ mediaCodecs: streamRouterCodecs() })
    const input = await router.createPlainTransport({ listenInfo: { protocol: 'udp', ip: '127.0.0.1' }, comedia: true })
    const producers = await Promise.all(
      (['VIDEO', 'AUDIO'] as const).map((kind, index) =>
        input.produce({
          kind: codecs[kind].kind,
          rtpParameters: producerRtpParameters(kind, 1000 + index, 'bench'),
        }),
      ),
    )
    const { dtls } = parseWhepOffer(chromiumOffer)
    const { rtpCapabilities } = router
    return await measure(async () => {
      const transport = await router.createWebRtcTransport({ webRtcServer, enableUdp: true, enableTcp: true })
      await transport.connect({ dtlsParameters: { role: dtls.role, fingerprints: [dtls.fingerprint] } })
      for (const { id: producerId } of producers) await transport.consume({ producerId, rtpCapabilities })
      return async () => transport.close()
    })
  } finally {
    worker.close()
  }
}
