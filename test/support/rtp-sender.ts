import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { RtpTarget } from '../../src/media/ffmpeg/types.ts'
import type { MediaKind } from '../../src/streams/model.ts'

/**
 * An FFmpeg by hand: a moving pattern and a tone, sent as RTP to the given targets. A keyframe every `gop` frames of 30 a
 * second; `picture` are filters that the pattern goes through.
 */
export class RtpSender implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #ended: Promise<unknown>

  constructor(
    targets: Partial<Record<MediaKind, RtpTarget | null>>,
    { gop = 30, size = '320x180', seconds = 60, picture = 'null' } = {},
  ) {
    const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline']
    video.push('-pix_fmt', 'yuv420p', '-g', String(gop), '-bsf:v', 'dump_extra=freq=keyframe')
    const args = ['--pdeathsig', 'KILL', 'ffmpeg', '-hide_banner', '-nostdin', '-v', 'error', '-re']
    args.push(
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=${size}:rate=30,${picture}`,
      '-re',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440',
    )
    if (targets.VIDEO) args.push('-map', '0:v', ...video, ...output(targets.VIDEO, seconds))
    if (targets.AUDIO) args.push('-map', '1:a', '-c:a', 'libopus', '-ac', '2', ...output(targets.AUDIO, seconds))
    this.#process = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    this.#ended = once(this.#process, 'exit')
  }

  /** SIGKILL, as a crash would be. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill()
  }
}

function output(target: RtpTarget, seconds: number): string[] {
  const ports = `rtcpport=${target.rtcpPort}&localrtpport=${target.localRtpPort}&localrtcpport=${target.localRtcpPort}`
  const options = ['-t', String(seconds), '-payload_type', String(target.payloadType), '-ssrc', String(target.ssrc)]
  return [
    ...options,
    ...['-seq', String(target.sequence), '-f', 'rtp', `rtp://127.0.0.1:${target.rtpPort}?${ports}&pkt_size=1200`],
  ]
}
