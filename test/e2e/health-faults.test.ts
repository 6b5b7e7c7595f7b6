import { afterAll, beforeAll, describe, test } from 'vitest'
import type { CreateStreamInput } from '../../src/client/generated/graphql.ts'
import type { FailureCause } from '../../src/streams/model.ts'
import { type Camera, startCamera } from '../support/camera.ts'
import { type HlsFault, type HlsSource, startHlsSource } from '../support/hls-source.ts'
import { breakableCamera, type FaultyCamera, type RtspFault } from '../support/rtsp-faults.ts'
import { healthOf, issuesOf, namedSince, waitForHealth } from '../support/stream-health.ts'
import { Weir } from '../support/weir.ts'

/** A small picture: there are many of them. */
const small = { width: 320, height: 180, kbps: 300 }
/** What is seen at once is seen by the next sample and written then. */
const sampledMs = 2_000

let weir: Weir
const resources = new AsyncDisposableStack()
beforeAll(async () => {
  weir = await Weir.start()
  resources.use(weir)
})
afterAll(() => resources.disposeAsync())

/** A stream from this address that is live and in good health. */
async function healthy(url: string, recovery: CreateStreamInput['recovery'] = null): Promise<string> {
  const { id } = await weir.liveStream({ name: 'Source', source: { url: { url } }, recovery })
  await waitForHealth(weir, id, 'good', ({ health }) => health?.status === 'HEALTHY')
  return id
}

interface Fault {
  name: string
  camera: Parameters<typeof startCamera>[0]
  recovery?: CreateStreamInput['recovery']
  /** What has to be learnt of the source before. */
  afterMs?: number
  break(camera: Camera): Promise<void>
  mend(camera: Camera): Promise<void>
  named: string
  withinMs: number
}

/** Those that take longest first. */
const faults: Fault[] = [
  {
    name: 'sends less than half of its bitrate',
    camera: { video: { ...small, kbps: 400, pattern: 'snow' } },
    afterMs: 30_000,
    break: (camera) => camera.setKbps(120),
    mend: (camera) => camera.setKbps(400),
    named: 'BITRATE_DROP VIDEO',
    withinMs: 20_000,
  },
  {
    name: 'drops to 5 frames a second',
    camera: { video: { ...small, filled: true } },
    afterMs: 15_000,
    break: (camera) => camera.sendOneFrameIn(5),
    mend: (camera) => camera.sendOneFrameIn(1),
    named: 'FRAME_RATE_LOW VIDEO',
    withinMs: 15_000,
  },
  {
    name: 'freezes its video only',
    camera: { video: small, audio: 'pcmu' },
    break: (camera) => camera.freeze('video'),
    mend: (camera) => camera.thaw('video'),
    named: 'VIDEO_FROZEN VIDEO',
    withinMs: 5_000,
  },
  {
    name: 'freezes its audio only',
    camera: { video: small, audio: 'pcma' },
    break: (camera) => camera.freeze('audio'),
    mend: (camera) => camera.thaw('audio'),
    named: 'AUDIO_FROZEN AUDIO',
    withinMs: 5_000,
  },
  {
    name: 'sends the same picture',
    camera: { video: { ...small, filled: true, keyframeSeconds: 2 } },
    recovery: { pictureStill: true },
    break: (camera) => camera.standStill(true),
    mend: (camera) => camera.standStill(false),
    named: 'PICTURE_STILL VIDEO',
    withinMs: 2 * 2_000 + 5_000,
  },
]

// Side by side: each has a camera and a stream of its own.
describe.concurrent('a camera that goes on, but not well, is named for what it does', () => {
  test.for(faults)('$name', async (fault, { expect }) => {
    await using camera = await startCamera(fault.camera)
    const id = await healthy(camera.url(), fault.recovery)
    const wellUntil = Date.now() + (fault.afterMs ?? 0)
    await waitForHealth(weir, id, 'good for a while', () => Date.now() >= wellUntil)

    const brokenAt = Date.now()
    await fault.break(camera)
    const seen = await waitForHealth(weir, id, 'told', (view) => issuesOf(view).length > 0)
    const [first] = await namedSince(weir, id, brokenAt)
    console.log(`A camera that ${fault.name}: ${issuesOf(seen)} after ${first!.at - brokenAt} ms`)
    expect(issuesOf(seen)).toEqual([fault.named])
    expect(seen.state).toBe('LIVE')
    expect(Date.parse(seen.health!.issues[0]!.since)).toBeGreaterThan(brokenAt - sampledMs)
    expect(first!.at - brokenAt).toBeLessThan(fault.withinMs + sampledMs)

    await fault.mend(camera)
    await waitForHealth(weir, id, 'good again', ({ health }) => health?.status === 'HEALTHY', 90_000)
    // From good to good nothing else was named, and it never stopped being live.
    const named = await namedSince(weir, id, 0)
    expect([...new Set(named.map(({ issue }) => issue))]).toEqual([fault.named])
    expect(await weir.events(id, 'stream.state_changed')).toHaveLength(1)
  })
})

interface Failure {
  name: string
  fault: RtspFault
  cause: FailureCause
  named: string
}

const failures: Failure[] = [
  { name: 'refuses', fault: 'refuse', cause: 'REFUSED', named: 'SOURCE_LOST' },
  { name: 'asks for a password', fault: 401, cause: 'AUTH', named: 'SOURCE_LOST' },
  { name: 'sends round and round', fault: 'redirect', cause: 'REDIRECT_LOOP', named: 'SOURCE_LOST' },
  { name: 'no longer answers', fault: 'hang', cause: 'TIMEOUT', named: 'SOURCE_LOST' },
  { name: 'drips one byte a second', fault: 'drip', cause: 'NO_MEDIA', named: 'NO_MEDIA' },
]

describe.concurrent('a camera that fails is named with its cause', () => {
  let camera: Camera
  beforeAll(async () => {
    camera = resources.use(await startCamera({ video: small }))
  })

  test.for(failures)('$name', async ({ name, fault, cause, named }, { expect }) => {
    await using front: FaultyCamera = await breakableCamera(camera.port)
    const id = await healthy(front.url)
    const brokenAt = Date.now()
    await front.become(fault)
    const lost = await waitForHealth(weir, id, 'down', ({ health }) => health?.status === 'CRITICAL')
    expect(lost.state).not.toBe('LIVE')
    const seen = await waitForHealth(weir, id, `down for ${cause}`, ({ stateCause }) => stateCause === cause)
    console.log(
      `A camera that ${name}: ${issuesOf(seen)} after ${Date.now() - brokenAt} ms, ${front.requests} requests`,
    )
    await waitForHealth(weir, id, named, (view) => issuesOf(view).join() === named)
    // Tens of requests in all, however often it is tried: FFmpeg by itself makes thousands a second.
    expect(front.requests).toBeLessThan(200)

    await front.become(null)
    await waitForHealth(weir, id, 'good again', ({ health }) => health?.status === 'HEALTHY', 90_000)
    expect((await healthOf(weir, id)).stateCause).toBeNull()
  })

  test('is killed', async ({ expect }) => {
    await using other = await startCamera({ video: small })
    const id = await healthy(other.url())
    await other.stop()
    const lost = await waitForHealth(weir, id, 'down', ({ health }) => health?.status === 'CRITICAL')
    expect(issuesOf(lost)).toEqual(['SOURCE_LOST'])
    expect(lost.state).not.toBe('LIVE')
    await waitForHealth(weir, id, 'down as it is', ({ stateCause }) => stateCause === 'REFUSED')
    await other.start()
    await waitForHealth(weir, id, 'good again', ({ health }) => health?.status === 'HEALTHY', 90_000)
  })
})

describe.concurrent('HLS that fails is named with its cause', () => {
  let source: HlsSource
  beforeAll(async () => {
    source = resources.use(await startHlsSource(1))
  })

  // One source for all: one after the other.
  test('sends round and round, names itself, is gone', async ({ expect }) => {
    const id = await healthy(source.url)
    const faults: [HlsFault, FailureCause][] = [
      ['redirect', 'REDIRECT_LOOP'],
      ['own-variant', 'REDIRECT_LOOP'],
      [404, 'NOT_FOUND'],
    ]
    for (const [fault, cause] of faults) {
      source.become(fault)
      const seen = await waitForHealth(weir, id, `down for ${cause}`, ({ stateCause }) => stateCause === cause)
      expect(seen.state).not.toBe('LIVE')
      await waitForHealth(weir, id, 'lost', (view) => issuesOf(view).join() === 'SOURCE_LOST')
      expect(source.requests()).toBeLessThan(200)
      source.become(null)
      await waitForHealth(weir, id, 'good again', ({ health }) => health?.status === 'HEALTHY', 90_000)
    }
  })
})
