import { comparedHeight, comparedWidth } from '../still/difference.ts'

/** Where H.264 comes from as RTP: a pair of ports on 127.0.0.1, RTCP on the next one. */
export interface RtpSource {
  rtpPort: number
  payloadType: number
}

/** A keyframe of 1080p comes as one burst. */
const bufferBytes = 4 * 1024 * 1024

/** Decodes keyframes alone and writes each on stdout as a small grey picture, a byte a cell. */
export function keyframeArguments({ rtpPort, payloadType }: RtpSource): string[] {
  const description = [
    ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
    // It listens on every address, and hears this one alone.
    ...['a=source-filter: incl IN IP4 127.0.0.1 127.0.0.1'],
    ...[`m=video ${rtpPort} RTP/AVP ${payloadType}`, `a=rtpmap:${payloadType} H264/90000`],
    ...[`a=fmtp:${payloadType} packetization-mode=1`, ''],
  ].join('\r\n')
  const encoded = Buffer.from(description).toString('base64')
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+error'],
    ...['-protocol_whitelist', 'data,udp,rtp', '-f', 'sdp'],
    ...['-buffer_size', String(bufferBytes), '-analyzeduration', '0', '-fpsprobesize', '0'],
    ...['-threads', '1', '-skip_frame', 'nokey', '-skip_loop_filter', 'all', '-flags', 'low_delay'],
    ...['-i', `data:text/plain;base64,${encoded}`],
    // FFmpeg's times begin anew with each process that feeds us, and no picture is to be held back or doubled for them.
    ...['-map', '0:v:0', '-fps_mode', 'passthrough', '-threads', '1'],
    ...['-vf', `setpts=N,scale=${comparedWidth}:${comparedHeight}:flags=area,format=gray`],
    ...['-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ]
}
