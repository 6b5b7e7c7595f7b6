/** Figures as people read them. What is not known is a dash, never a nought. */

export const unknown = '–'

export function formatBitrate(bps: number | null | undefined): string {
  if (bps == null) return unknown
  return bps < 1e6 ? `${Math.round(bps / 1000)} kbit/s` : `${(bps / 1e6).toFixed(bps < 1e7 ? 1 : 0)} Mbit/s`
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes == null) return unknown
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

export function formatPercent(percent: number | null | undefined): string {
  if (percent == null) return unknown
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`
}

export function formatFps(fps: number | null | undefined): string {
  if (fps == null) return unknown
  return String(Math.round(fps * 10) / 10)
}

export function formatCount(count: number | null | undefined): string {
  return count == null ? unknown : String(count)
}

export function formatSize(width: number | null | undefined, height: number | null | undefined): string {
  return width == null || height == null ? unknown : `${width} × ${height}`
}

const codecNames: Record<string, string> = {
  h264: 'H.264',
  hevc: 'H.265',
  av1: 'AV1',
  vp8: 'VP8',
  vp9: 'VP9',
  mjpeg: 'MJPEG',
  mpeg4: 'MPEG-4',
  mpeg2video: 'MPEG-2',
  aac: 'AAC',
  opus: 'Opus',
  mp3: 'MP3',
  pcm_mulaw: 'G.711 µ',
  pcm_alaw: 'G.711 A',
  pcm_s16le: 'PCM',
  rawvideo: 'Raw',
}

export function formatCodecs(codecs: readonly string[] | null | undefined): string {
  if (!codecs || codecs.length === 0) return unknown
  return codecs.map((codec) => codecNames[codec] ?? codec).join(' + ')
}

/** 45 s, 12 min, 3 h 05 min, 2 d 4 h: the two units that matter. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds == null) return unknown
  const whole = Math.max(0, Math.floor(seconds))
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`
  if (minutes > 0) return `${minutes} min`
  return `${whole} s`
}

export function formatTime(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}
