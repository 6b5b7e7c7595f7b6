import { freeUdpPorts } from '../../test/support/free-ports.ts'
import { Child } from '../support/child.ts'
import type { FarmLog } from './log.ts'

/** MPEG-TS by SRT to whoever calls: FFmpeg paces the clip, GStreamer takes many callers at any time. */
export async function startSrt(clip: string, log: FarmLog, children: AsyncDisposableStack): Promise<string> {
  const [port] = await freeUdpPorts(1)
  const reader = children.use(
    new Child(
      'ffmpeg',
      ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip, '-c', 'copy', '-f', 'mpegts', 'pipe:1'],
      { stdio: ['ignore', 'pipe', 'pipe'], onUnexpectedEnd: (what) => log.add('srt reader', what) },
    ),
  )
  const sink = `uri=srt://127.0.0.1:${port}?mode=listener wait-for-connection=false sync=false async=false`
  children.use(
    new Child('gst-launch-1.0', ['-q', 'fdsrc', 'blocksize=1316', '!', 'srtsink', ...sink.split(' ')], {
      stdio: [reader.process.stdout!, 'ignore', 'pipe'],
      onUnexpectedEnd: (what) => log.add('srt sender', what),
    }),
  )
  return `srt://127.0.0.1:${port}`
}
