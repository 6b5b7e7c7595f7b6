import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'

/** What the camera sends. Defaults: H.264 Constrained Baseline 320×240 at 25 fps with a keyframe a second, no audio, no password. */
export interface CameraOptions {
  port?: number
  path?: string
  video?: Partial<CameraVideo> | null
  audio?: CameraAudio | null
  user?: string
  password?: string
  auth?: 'basic' | 'digest'
  /** An MP4 (H.264 and AAC) that is sent at its own speed instead of what `video` and `audio` say; it ends when the file ends. */
  file?: string
}
export interface CameraVideo {
  codec: 'h264' | 'h265' | 'mjpeg'
  profile: 'constrained-baseline' | 'baseline' | 'main' | 'high'
  width: number
  height: number
  fps: number
  kbps: number
  keyframeSeconds: number
  bFrames: number
  /** A pattern of GStreamer's videotestsrc. */
  pattern: string
  /** Filled up to `kbps` whatever the picture shows. */
  filled: boolean
}
export type CameraAudio = 'aac' | 'opus' | 'pcmu' | 'pcma'
export type CameraEvent = 'client-connected' | 'describe' | 'play' | 'client-closed'

const defaultVideo: CameraVideo = {
  codec: 'h264',
  profile: 'constrained-baseline',
  width: 320,
  height: 240,
  fps: 25,
  kbps: 500,
  keyframeSeconds: 1,
  bFrames: 0,
  pattern: 'ball',
  filled: false,
}

const script = new URL('camera.py', import.meta.url).pathname

/** Debian's own Python: the one that has GStreamer's bindings. */
const python = '/usr/bin/python3'

/** A real RTSP server on a loopback port. It can be stopped and started again on the same port, as a camera that reboots. */
export class Camera extends EventEmitter<Record<CameraEvent, []>> {
  readonly #settings: Record<string, unknown>
  readonly #path: string
  #process: ChildProcess | null = null
  #port: number
  /** How often each event was seen since the camera was made, over all its starts. */
  readonly counts: Record<CameraEvent, number> = { 'client-connected': 0, describe: 0, play: 0, 'client-closed': 0 }

  constructor(options: CameraOptions = {}) {
    super()
    this.#port = options.port ?? 0
    this.#path = options.path ?? '/live'
    this.#settings = {
      path: this.#path,
      video: options.video === null ? null : { ...defaultVideo, ...options.video },
      audio: options.audio ?? null,
      user: options.user ?? 'viewer',
      password: options.password ?? null,
      auth: options.auth ?? 'digest',
      file: options.file ?? null,
    }
  }

  get port(): number {
    return this.#port
  }

  get pid(): number {
    if (!this.#process?.pid) throw new Error('the camera is not running')
    return this.#process.pid
  }

  /** The camera's URL; with credentials where they are given. */
  url({ user, password, path }: { user?: string; password?: string; path?: string } = {}): string {
    const credentials = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@`
    return `rtsp://${credentials}127.0.0.1:${this.#port}${path ?? this.#path}`
  }

  /** Resolves when the camera listens. */
  async start(): Promise<this> {
    if (this.#process) throw new Error('the camera is running already')
    const child = spawn(python, [script, JSON.stringify({ ...this.#settings, port: this.#port })], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#process = child
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000)
    })
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        if (this.#process === child) this.#process = null
        reject(new Error(`the camera ended (${code ?? signal}): ${complaints}`))
      })
      createInterface({ input: child.stdout }).on('line', (line) => {
        const message = JSON.parse(line) as { event: string; port?: number; order?: string; reason?: string }
        if (message.event === 'ready') {
          this.#port = message.port!
          resolve()
        } else if (message.event === 'failed') reject(new Error(`camera: ${message.reason}`))
        else if (message.event === 'done') this.#answers.emit(message.order!)
        else this.#see(message.event as CameraEvent)
      })
    })
    return this
  }

  readonly #answers = new EventEmitter()

  #see(event: CameraEvent): void {
    this.counts[event] += 1
    this.emit(event)
  }

  /** Resolves at the next event of this kind. */
  async next(event: CameraEvent): Promise<void> {
    await once(this, event)
  }

  /** Stops one track while the connection and the other track go on. */
  freeze(kind: 'video' | 'audio'): Promise<void> {
    return this.#order(`freeze ${kind}`)
  }

  thaw(kind: 'video' | 'audio'): Promise<void> {
    return this.#order(`thaw ${kind}`)
  }

  /** The encoder goes on, with the same picture again and again; or with a moving one. */
  standStill(still: boolean): Promise<void> {
    return this.#order(`still ${still ? 'on' : 'off'}`)
  }

  /** Of the frames only one in so many is sent. */
  sendOneFrameIn(frames: number): Promise<void> {
    return this.#order(`one-in ${frames}`)
  }

  setKbps(kbps: number): Promise<void> {
    return this.#order(`kbps ${kbps}`)
  }

  /** Closes every client's connection; the camera itself stays. */
  dropClients(): Promise<void> {
    return this.#order('drop-clients')
  }

  async #order(line: string): Promise<void> {
    const done = once(this.#answers, line)
    this.#process?.stdin?.write(`${line}\n`)
    await done
  }

  /** Freezes the whole camera with its connections open, as a hung one; `false` lets it go on. */
  hang(hung: boolean): void {
    process.kill(this.pid, hung ? 'SIGSTOP' : 'SIGCONT')
  }

  /** Resolves when the process is gone and the port is free. */
  async stop(): Promise<void> {
    const child = this.#process
    if (!child) return
    this.#process = null
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** A camera that listens. */
export function startCamera(options: CameraOptions = {}): Promise<Camera> {
  return new Camera(options).start()
}
