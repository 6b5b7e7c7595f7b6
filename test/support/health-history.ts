import type { HealthView, HealthWatch, StreamObservation } from '../../src/health/model.ts'
import { createHealthWatch } from '../../src/health/watch.ts'
import { createPacketLog, type PacketLog } from '../../src/media/ffmpeg/packet-log.ts'
import type { ProcessFigures } from '../../src/media/ffmpeg/types.ts'
import type { ProducerFigures } from '../../src/media/mediasoup/types.ts'
import type { FailureCause, MediaKind, SourceTrack, StreamSource, StreamState } from '../../src/streams/model.ts'
import type { StreamPolicy, StreamPolicyOverrides } from '../../src/streams/policy.ts'

export const policy: StreamPolicy = {
  enabled: true,
  maxAttempts: 3,
  cooldownSeconds: 60,
  sourceRetrySeconds: 30,
  sourceMaxRetries: 20,
  freezeSeconds: 5,
  bitrateDropPercent: 50,
  cpuPercent: 90,
  memoryBytes: 2048 * 1024 * 1024,
  frameRatePercent: 60,
  keyframeSeconds: 8,
  packetLossPercent: 2,
  jitterMs: 100,
  speed: 0.95,
  pictureStill: false,
}

/** A source as it is at one moment; a fault changes it while it runs. */
export interface Camera {
  kind: StreamSource['kind']
  /** Frames a second, 0: none; a function of the second where it varies. */
  fps: number | ((second: number) => number)
  declaredFps: number | null
  gopSeconds: number
  frameBytes: number | ((second: number) => number)
  keyframeBytes: number
  audio: { codec: string; packetsPerSecond: number | ((second: number) => number); bytes: number } | null
  /** Media seconds a second. */
  speed: number
  lossPercent: number
  jitterMs: number
  cpuPercent: number
  memoryBytes: number
  state: StreamState
  cause: FailureCause | null
  restarts: number
  pid: number
  pictureStillSince: number | null
  closed: MediaKind[]
  /** The packet log has fallen out. */
  logLost: boolean
  /** What FFmpeg sends does not reach mediasoup. */
  rtpLost: boolean
}

export const camera: Camera = {
  kind: 'RTSP',
  fps: 25,
  declaredFps: 25,
  gopSeconds: 2,
  frameBytes: 4_000,
  keyframeBytes: 40_000,
  audio: { codec: 'aac', packetsPerSecond: 50, bytes: 160 },
  speed: 1,
  lossPercent: 0,
  jitterMs: 3,
  cpuPercent: 12,
  memoryBytes: 60 * 1024 * 1024,
  state: 'LIVE',
  cause: null,
  restarts: 0,
  pid: 100,
  pictureStillSince: null,
  closed: [],
  logLost: false,
  rtpLost: false,
}

export interface HistoryOptions {
  overrides?: StreamPolicyOverrides
  usableCores?: number
  /** By how much the sample of each second is late, in ms. */
  lateMs?: (second: number) => number
  /** In such a second FFmpeg gets no CPU: what has come waits, and leaves with the next second's. */
  starved?: (second: number) => boolean
}

const start = 1_700_000_000_000
const ticks = { VIDEO: 90_000, AUDIO: 48_000 } as const

/** A simulated source, its FFmpeg's packet log (the real one, fed line by line) and the watch that judges it. */
export class History {
  camera: Camera
  /** ms since the epoch. */
  at = start
  view: HealthView = { status: 'UNKNOWN', issues: [] }
  observation: StreamObservation | null = null
  /** Each moment at which something could be told, with what was. */
  readonly told: { second: number; status: HealthView['status']; issues: string[] }[] = []
  readonly #watch: HealthWatch
  readonly #overrides: StreamPolicyOverrides
  readonly #lateMs: (second: number) => number
  readonly #starved: (second: number) => boolean
  #second = 0
  #asleepUntil = 0
  #log: PacketLog = createPacketLog()
  #pid: number | null = null
  #startedAt = start
  #media = { VIDEO: { next: 0, pts: 0 }, AUDIO: { next: 0, pts: 0 } }
  #sinceKeyframe = Number.POSITIVE_INFINITY
  #checksum = 1
  readonly #arrived = { VIDEO: { packets: 0, lost: 0, missing: 0 }, AUDIO: { packets: 0, lost: 0, missing: 0 } }

  constructor(
    made: Partial<Camera> = {},
    { overrides = {}, usableCores = 4, lateMs = () => 0, starved = () => false }: HistoryOptions = {},
  ) {
    this.#starved = starved
    this.camera = { ...camera, ...made }
    this.#overrides = overrides
    this.#lateMs = lateMs
    this.#watch = createHealthWatch(policy, { usableCores, intervalMs: 1000 })
  }

  get second(): number {
    return this.#second
  }

  /** Runs for so many seconds; `each` is called after every one. */
  run(seconds: number, each?: (history: History) => void): this {
    for (let passed = 0; passed < seconds; passed += 1) {
      this.#second += 1
      this.#sample(start + this.#second * 1000 + this.#lateMs(this.#second))
      each?.(this)
    }
    return this
  }

  /** The whole node sleeps, FFmpeg with it: what came meanwhile is lost, and in the first second after it nothing comes yet. */
  standStill(seconds: number): this {
    this.#second += seconds
    this.#asleepUntil = this.#second + 1
    return this
  }

  change(fault: Partial<Camera>): this {
    this.camera = { ...this.camera, ...fault }
    return this
  }

  /** Seconds from now until this issue is open; null where it is not within `limit`. */
  secondsUntil(issue: string, limit: number): number | null {
    for (let passed = 1; passed <= limit; passed += 1) {
      this.run(1)
      if (this.issues().includes(issue)) return passed
    }
    return null
  }

  issues(): string[] {
    return this.view.issues.map(({ type, track }) => (track ? `${type} ${track}` : type))
  }

  /** How often this issue was opened. */
  openings(type: string): number {
    return this.told.filter(({ issues }, at) => {
      const before = this.told[at - 1]?.issues ?? []
      return issues.some((issue) => issue.startsWith(type) && !before.includes(issue))
    }).length
  }

  #sample(at: number): void {
    const { camera } = this
    if (camera.pid !== this.#pid) {
      this.#pid = camera.pid
      this.#log = createPacketLog()
      this.#log.push(
        ['#tb 0: 1/90000', '#media_type 0: video', '#tb 1: 1/48000', '#media_type 1: audio\n'].join('\n'),
        at,
      )
      this.#startedAt = this.at
      this.#sinceKeyframe = Number.POSITIVE_INFINITY
      for (const media of Object.values(this.#media)) media.next = this.at
    }
    if (this.#second <= this.#asleepUntil) for (const media of Object.values(this.#media)) media.next = at
    else if (!this.#starved(this.#second)) this.#bring(at)
    this.at = at
    this.observation = this.#observe()
    this.view = this.#watch.observe(this.observation, this.#overrides)
    this.told.push({ second: this.#second, status: this.view.status, issues: this.issues() })
  }

  #bring(at: number): void {
    const { camera } = this
    const fps = this.#now(camera.fps)
    const flows = camera.state === 'LIVE'
    if (flows && fps > 0)
      this.#send('VIDEO', at, fps, () => {
        this.#sinceKeyframe += 1 / fps
        const key = this.#sinceKeyframe >= camera.gopSeconds - 1e-6
        if (key) this.#sinceKeyframe = 0
        return { key, bytes: key ? camera.keyframeBytes : this.#now(camera.frameBytes) }
      })
    else this.#media.VIDEO.next = at
    const rate = camera.audio ? this.#now(camera.audio.packetsPerSecond) : 0
    if (flows && camera.audio && rate > 0) {
      const { bytes } = camera.audio
      this.#send('AUDIO', at, rate, () => ({ key: true, bytes }))
    } else this.#media.AUDIO.next = at
  }

  #send(kind: MediaKind, until: number, rate: number, packet: () => { key: boolean; bytes: number }): void {
    const media = this.#media[kind]
    const arrived = this.#arrived[kind]
    const lines: string[] = []
    const stepMs = 1000 / (rate * this.camera.speed)
    for (; media.next <= until; media.next += stepMs) {
      const { key, bytes } = packet()
      const pts = Math.round(media.pts * ticks[kind])
      media.pts += 1 / rate
      this.#checksum = (this.#checksum * 1_103_515_245 + 12_345) % 2 ** 31
      const checksum = `0x${this.#checksum.toString(16)}`
      lines.push(`${kind === 'VIDEO' ? 0 : 1}, ${pts}, ${pts}, 1, ${bytes}, ${checksum}${key ? '' : ', F=0x0'}`)
      if (this.camera.rtpLost) continue
      arrived.missing += this.camera.lossPercent / 100
      if (arrived.missing >= 1) {
        arrived.missing -= 1
        arrived.lost += 1
      } else arrived.packets += 1
    }
    if (!this.camera.logLost && lines.length > 0) this.#log.push(`${lines.join('\n')}\n`, until)
  }

  #now(value: number | ((second: number) => number)): number {
    return typeof value === 'number' ? value : value(this.#second)
  }

  #observe(): StreamObservation {
    const { camera, at } = this
    const kinds = (camera.audio ? ['VIDEO', 'AUDIO'] : ['VIDEO']) as MediaKind[]
    const tracks: SourceTrack[] = kinds.map((kind) => ({
      ...{ kind, profile: null, width: null, height: null, pixelFormat: null, hasBFrames: false },
      ...{ channels: null, sampleRate: null, codec: kind === 'VIDEO' ? 'h264' : camera.audio!.codec },
      fps: kind === 'VIDEO' ? camera.declaredFps : null,
    }))
    const process: ProcessFigures | null =
      camera.state === 'LIVE'
        ? {
            ...{ pid: camera.pid, startedAt: this.#startedAt, measuredAt: at },
            ...{ cpuPercent: camera.cpuPercent, memoryBytes: camera.memoryBytes },
            ...{ frames: null, fps: null, bitrateBps: null, speed: null, droppedFrames: null },
            tracks: this.#log.figures(at).filter(({ kind }) => kinds.includes(kind)),
          }
        : null
    const producers = kinds
      .filter((kind) => !camera.closed.includes(kind))
      .map((kind): ProducerFigures => {
        const { packets, lost: packetsLost } = this.#arrived[kind]
        const figures = { bitrateBps: null, packetsLost, jitterMs: camera.jitterMs, score: 10, measuredAt: at }
        return { producerId: `producer_${kind}`, kind, packets, ...figures }
      })
    const { kind: sourceKind, state, cause, restarts, pictureStillSince } = camera
    const about = { streamId: 'stream_1', projectId: 'project_1', at, viewers: 0 }
    return { ...about, state, cause, sourceKind, tracks, process, producers, restarts, pictureStillSince }
  }
}
