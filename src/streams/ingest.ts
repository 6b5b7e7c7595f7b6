import type { IngestProcess, IngestSpec, ProcessFigures } from '../media/ffmpeg/types.ts'
import type { MediasoupPool, ProducerFigures, ProducerSpec, StreamMedia } from '../media/mediasoup/types.ts'
import type { LiveRun } from '../media/segments/stream-segments.ts'
import type { PictureWatch } from '../media/still/picture-watch.ts'
import { SourceFailure } from './causes.ts'
import type { MediaKind, ProcessExit, SourceTrack } from './model.ts'
import type { OpenSource } from './open-source.ts'
import type { ActualProcess } from './plan.ts'
import { flowsOn } from './track-flow.ts'
import type { StreamFigures } from './types.ts'

/** What an ingest acts with. */
export interface IngestPorts {
  pool: Pick<MediasoupPool, 'openStream'>
  startIngest(spec: IngestSpec): Promise<IngestProcess>
  segments: {
    openRun(streamId: string, token: number, run: number): Promise<LiveRun | null>
    removeStream(streamId: string): Promise<void>
  }
  segmentSeconds: number
  /** Makes what sees whether one stream's picture changes. */
  watchPicture(): PictureWatch
  now(): number
}

/** Told as it happens; each call comes from the event loop, never from within a method. */
export interface IngestEvents {
  /** A producer's first packet since the process started, or (null) the process's own where there is no producer. */
  firstPacket(kind: MediaKind | null): void
  /** `process`: what was known of it when it ended. */
  ended(process: ActualProcess, exit: ProcessExit, fastProbe: boolean): void
  /** Its worker died: the place in mediasoup is gone. */
  mediaLost(): void
}

interface Running {
  handle: IngestProcess
  segments: LiveRun | null
  fastProbe: boolean
  /** What comes from this source comes in bursts. */
  isBursty: boolean
  facts: ActualProcess
}

const stopGraceMs = 1500
/** One that has failed holds nothing that is worth waiting for, and may be standing still. */
const failedGraceMs = 200
/** Longer gaps than this are not taken for those between two bursts. */
const longestBurstMs = 30_000

/** The media of one stream on this node: its place in mediasoup, and the FFmpeg process beneath it. Knows no orders and no database. */
export class Ingest {
  private readonly streamId: string
  private readonly token: number
  private readonly ports: IngestPorts
  private readonly events: IngestEvents
  private readonly picture: PictureWatch
  private media: StreamMedia | null = null
  private kinds = new Map<MediaKind, string>()
  private running: Running | null = null
  private runs = 0
  /** Packets seen so far, by kind. */
  private readonly packets = new Map<MediaKind, number>()
  /** The longest gap so far between the bursts of a source that sends in bursts. */
  private burstMs = 0
  private readonly flowingKinds = new Set<MediaKind>()
  private processFigures: ProcessFigures | null = null
  private producerFigures: ProducerFigures[] = []

  constructor(streamId: string, token: number, ports: IngestPorts, events: IngestEvents) {
    this.streamId = streamId
    this.token = token
    this.ports = ports
    this.picture = ports.watchPicture()
    this.events = events
  }

  /** What the plan has to know. */
  facts(): { mediaOpen: boolean; producerKinds: MediaKind[]; process: ActualProcess | null } {
    return {
      mediaOpen: this.media !== null,
      producerKinds: [...this.kinds.keys()],
      process: this.running?.facts ?? null,
    }
  }

  /** Kinds whose packets arrive from the present process. */
  flowing(): ReadonlySet<MediaKind> {
    return this.flowingKinds
  }

  /** The last lines of the FFmpeg that runs, redacted. */
  log(): string[] {
    return this.running?.handle.log() ?? []
  }

  figures(): Omit<StreamFigures, 'health' | 'healthAt'> {
    return {
      streamId: this.streamId,
      process: this.processFigures,
      producers: this.producerFigures,
      viewers: this.media?.viewerCount() ?? 0,
    }
  }

  /** Watches the picture while there is one, or does not. Say it about once a second. */
  watchPicture(on: boolean): void {
    const flows = this.running?.facts.stopping === false && this.flowingKinds.has('VIDEO')
    this.picture.follow(on && flows ? this.media : null)
  }

  /** Since when the picture has not changed; null: it changes, or is not watched. */
  pictureStillSince(): number | null {
    return this.picture.stillSince()
  }

  /** Makes the stream's place in mediasoup. Throws SourceFailure. */
  async openMedia(producers: ProducerSpec[]): Promise<void> {
    const media = await ours(this.ports.pool.openStream(this.streamId, producers))
    this.media = media
    this.kinds = new Map(producers.map((producer) => [producer.kind, producer.id]))
    void media.lost.then(() => {
      if (this.media !== media) return
      this.forgetMedia()
      this.events.mediaLost()
    })
  }

  /** Opens and closes producers until they are these. Throws SourceFailure. */
  async syncProducers(wanted: ProducerSpec[]): Promise<void> {
    for (const [kind, id] of [...this.kinds]) {
      if (wanted.some((producer) => producer.id === id)) continue
      this.kinds.delete(kind)
      this.flowingKinds.delete(kind)
      this.producerFigures = this.producerFigures.filter((figures) => figures.producerId !== id)
      // What the process goes on sending there arrives nowhere: a producer made later needs a process that knows it.
      if (this.running) {
        const { facts } = this.running
        this.running.facts = { ...facts, kinds: facts.kinds.filter((sent) => sent !== kind) }
      }
      this.packets.delete(kind)
      await ours(this.media?.closeProducer(id))
    }
    for (const producer of wanted) {
      if (this.kinds.has(producer.kind) || !this.media) continue
      await ours(this.media.addProducer(producer))
      this.kinds.set(producer.kind, producer.id)
    }
  }

  /** Starts FFmpeg towards the open producers; the source is closed when it has ended. Throws SourceFailure. */
  async start(opened: OpenSource, tracks: SourceTrack[], fastProbe: boolean): Promise<void> {
    try {
      await this.startOn(opened, tracks, fastProbe)
    } catch (error) {
      opened.gated?.close()
      throw error
    }
  }

  private async startOn(opened: OpenSource, tracks: SourceTrack[], fastProbe: boolean): Promise<void> {
    const media = this.media
    if (!media) throw new SourceFailure('WORKER_DIED')
    const rtp: IngestSpec['rtp'] = {}
    for (const kind of this.kinds.keys()) {
      const target = await ours(media.rtpTarget(kind))
      if (target) rtp[kind] = target
    }
    const segments = await this.ports.segments.openRun(this.streamId, this.token, ++this.runs)
    const { streamId } = this
    const target = segments && { folder: segments.folder, segmentSeconds: this.ports.segmentSeconds }
    const handle = await ours(this.ports.startIngest({ streamId, ...opened, tracks, rtp, segments: target, fastProbe }))
    const now = this.ports.now()
    const kinds = [...this.kinds.keys()]
    const { burstMs } = this
    const seen = { firstPacketAt: null, progressAt: now, tracks: {}, burstMs }
    const facts: ActualProcess = { startedAt: now, kinds, ...seen, stopping: false }
    const { kind } = opened.source
    const isBursty = kind === 'HLS' || kind === 'HTTP'
    const running: Running = { handle, segments, fastProbe, isBursty, facts }
    this.running = running
    // Its pid is known from now on, not only from the next second.
    this.processFigures = handle.sample()
    const cancel = media.onFirstPacket((kind) => this.firstPacket(running, kind))
    void handle.exited.then((exit) => {
      cancel()
      this.ended(running, exit)
    })
  }

  /** What the running FFmpeg says that the source carries; null until it knows. */
  reportedTracks(): SourceTrack[] | null {
    return this.running?.handle.reportedTracks() ?? null
  }

  get pid(): number | null {
    return this.running?.handle.pid ?? null
  }

  /** Asks FFmpeg to end, one that has failed less patiently; `ended` tells when it has. */
  stop(hasFailed = false): void {
    if (!this.running || this.running.facts.stopping) return
    this.running.facts = { ...this.running.facts, stopping: true }
    void this.running.handle.stop(hasFailed ? failedGraceMs : stopGraceMs)
  }

  /** Ends FFmpeg at once, asking nothing: it has no right to run any longer. */
  kill(): void {
    this.picture.follow(null)
    if (!this.running) return
    this.running.facts = { ...this.running.facts, stopping: true }
    void this.running.handle.stop(0)
  }

  /** Ends FFmpeg and gives up the place in mediasoup and the live segments. */
  async close(): Promise<void> {
    const { running, media } = this
    const watched = this.picture.close()
    if (running) {
      this.stop()
      await running.handle.exited
    }
    await watched
    this.forgetMedia()
    await media?.close()
    await this.ports.segments.removeStream(this.streamId)
  }

  /** Reads what the process and mediasoup show now; about once a second. True when packets have arrived since the last time. */
  async sample(): Promise<boolean> {
    const { running, media } = this
    if (running) this.processFigures = running.handle.sample()
    if (media && this.kinds.size > 0) {
      const figures = await media.figures().catch(() => null)
      if (this.media !== media || figures === null) return false
      this.producerFigures = figures.filter((it) => this.kinds.get(it.kind) === it.producerId)
      return this.progress(this.producerFigures)
    }
    // Without a producer nothing arrives at mediasoup; the process's own packets are all there is to see.
    const seen = this.progress(this.processFigures?.tracks ?? [])
    if (seen && running && this.running === running) this.firstPacket(running, null)
    return seen
  }

  /** Whether packets have come, of any kind. */
  private progress(figures: readonly { kind: MediaKind; packets: number }[]): boolean {
    const grown = figures.filter(({ kind, packets }) => packets > (this.packets.get(kind) ?? 0))
    for (const { kind, packets } of figures) this.packets.set(kind, packets)
    for (const { kind } of grown) this.flows(kind)
    return grown.length > 0
  }

  /** Packets of this kind have been seen now; null: of the process itself. */
  private flows(kind: MediaKind | null): void {
    if (!this.running) return
    const now = this.ports.now()
    const { facts } = this.running
    if (facts.firstPacketAt !== null) this.learnGap(this.running, now)
    const tracks = kind ? { ...facts.tracks, [kind]: flowsOn(facts.tracks[kind], now) } : facts.tracks
    this.running.facts = { ...facts, progressAt: now, tracks, burstMs: this.burstMs }
  }

  /** A source's bursts are as far apart as its longest silence, and one that was ended for its silence counts as well. */
  private learnGap({ isBursty, facts }: Running, now: number): void {
    if (isBursty) this.burstMs = Math.max(this.burstMs, Math.min(now - facts.progressAt, longestBurstMs))
  }

  private firstPacket(running: Running, kind: MediaKind | null): void {
    if (this.running !== running) return
    const now = this.ports.now()
    if (kind) this.flowingKinds.add(kind)
    this.flows(kind)
    if (running.facts.firstPacketAt === null) {
      running.segments?.started(now)
      running.facts = { ...running.facts, firstPacketAt: now }
    }
    this.events.firstPacket(kind)
  }

  private ended(running: Running, exit: ProcessExit): void {
    void running.segments?.close()
    if (this.running !== running) return
    this.running = null
    this.processFigures = null
    this.flowingKinds.clear()
    if (running.facts.firstPacketAt !== null) this.learnGap(running, this.ports.now())
    // The next process counts its packets from nothing, the producers go on counting.
    if (this.kinds.size === 0) this.packets.clear()
    this.events.ended(running.facts, exit, running.fastProbe)
  }

  private forgetMedia(): void {
    this.media = null
    this.kinds.clear()
    this.producerFigures = []
    this.flowingKinds.clear()
    this.packets.clear()
    this.burstMs = 0
  }
}

/** Whatever our own media parts throw is a failed attempt, told by its cause. */
async function ours<T>(work: Promise<T> | undefined): Promise<T> {
  try {
    return (await work) as T
  } catch (error) {
    if (error instanceof SourceFailure) throw error
    // What it was in detail may name paths and addresses, and the reason of a state is for everybody.
    throw new SourceFailure('UNKNOWN', 'The media could not be set up; the log says why.', [String(error)])
  }
}
