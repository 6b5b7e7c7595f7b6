import { readFileSync } from 'node:fs'

/** What Debian's Chromium 156 offers for video and audio, recvonly. */
export const chromiumOffer: string = readFileSync(new URL('./chromium-offer.sdp', import.meta.url), 'utf8')
  .trim()
  .split(/\r?\n/)
  .map((line) => `${line}\r\n`)
  .join('')

/** The same from a player that is not built on libwebrtc: no header extensions of its making. */
export const plainOffer: string = chromiumOffer.replace(/a=extmap:.*webrtc\.org.*\r\n/g, '')

/** The offer with its H.264 (constrained baseline), RTX and Opus under other payload types. */
export function offerWithPayloadTypes(h264: number, rtx: number, opus: number): string {
  const video = [
    `a=rtpmap:${h264} H264/90000`,
    `a=rtcp-fb:${h264} nack`,
    `a=fmtp:${h264} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f`,
    `a=rtpmap:${rtx} rtx/90000`,
    `a=fmtp:${rtx} apt=${h264}`,
  ]
  const audio = [`a=rtpmap:${opus} opus/48000/2`]
  return chromiumOffer
    .replace(/a=(rtpmap|fmtp|rtcp-fb):.*\r\n/g, '')
    .replace(/m=video 9 UDP\/TLS\/RTP\/SAVPF .*\r\n/, `m=video 9 UDP/TLS/RTP/SAVPF ${h264} ${rtx}\r\n`)
    .replace(/m=audio 9 UDP\/TLS\/RTP\/SAVPF .*\r\n/, `m=audio 9 UDP/TLS/RTP/SAVPF ${opus}\r\n`)
    .replace('a=mid:0\r\n', `a=mid:0\r\n${video.map((line) => `${line}\r\n`).join('')}`)
    .replace('a=mid:1\r\n', `a=mid:1\r\n${audio.map((line) => `${line}\r\n`).join('')}`)
}
