import type { FailureCause, SourceKind } from '../../streams/model.ts'

/** How FFmpeg or ffprobe ended, beside its log. */
export interface EndOfProcess {
  code: number | null
  signal: string | null
  kind: SourceKind
  /** From its start to its end. */
  elapsedMs: number
  /** Packets that came out of it, null where that isn't known. */
  packets: number | null
  /** Whether it was ended by us. */
  stopped: boolean
}

/** What is added to the log of a process whose source sent it round and round. */
export const loopNote = '[error] Seen by Weir: the source redirects without end'

/** One failure writes several lines, the last of them often the vaguest: so the most telling pattern is the first. */
const telling: [RegExp, FailureCause][] = [
  [
    /\b401 Unauthorized|\b403 Forbidden|authorization failed|access denied|NetStream\.Play\.Unauthorized|Incorrect passphrase/i,
    'AUTH',
  ],
  [/Failed to resolve hostname/i, 'DNS'],
  [/\bTLS packet\b|certificate|\[tls @ [^\]]*\] \[error\]/i, 'TLS'],
  [
    /\b404 Not Found|\b410 Gone|NetStream\.Play\.StreamNotFound|^\[error\] (?:file|data):.*No such file or directory/i,
    'NOT_FOUND',
  ],
  [/Network is unreachable|No route to host|Host is down|Network is down/i, 'UNREACHABLE'],
  [/Connection refused|5XX Server Error|\b4XX Client Error/i, 'REFUSED'],
  [/Cannot allocate memory|\bmalloc of size \d+ failed/i, 'OUT_OF_MEMORY'],
  [/bind failed: Address already in use|All tee outputs failed/i, 'OUTPUT_LOST'],
  [/not supported by the bitstream filter|Server response validating failed|moov atom not found/i, 'UNSUPPORTED'],
  [/Decoder .* not found|Decoding requested, but no decoder|Unknown decoder/i, 'UNSUPPORTED'],
  [/Could not find codec parameters|matches no streams|does not contain any stream/i, 'NO_MEDIA'],
  [/timed out/i, 'TIMEOUT'],
  [/Error while decoding stream|Decode error rate/i, 'DECODE'],
]

/** What is said when nothing better is, after a source has been silent as well as after it has hung up. */
const invalidData = /^\[error\] .*Invalid data found when processing input/
const hungUp = /^\[error\] .*(End of file|Connection reset by peer|Broken pipe)/
/** More than any answer takes and less than any silence that FFmpeg waits for. */
const silenceMs = 4_500
/** Older lines tell of what the process has lived through. */
const lastLines = 12

/** Why a process ended, told by its last lines. UNKNOWN where they don't tell. */
export function failureCause(log: readonly string[], end: EndOfProcess): FailureCause {
  const flowed = (end.packets ?? 0) > 0
  if (log.at(-1) === loopNote) return 'REDIRECT_LOOP'
  if (end.stopped && flowed) return 'ENDED'
  if (end.code === 0) return end.packets === 0 ? 'NO_MEDIA' : 'ENDED'
  if (end.signal && !end.stopped) return 'KILLED'

  const lines = log.slice(-lastLines)
  const hangUp = lines.some((line) => hungUp.test(line))
  if (hangUp && flowed) return 'ENDED'
  const told = telling.find(([pattern]) => lines.some((line) => pattern.test(line)))
  if (told) return told[1]
  if (lines.some((line) => /^\[info\] Exiting normally, received signal/.test(line)) && !end.stopped) return 'KILLED'
  if (end.stopped) return 'TIMEOUT'
  if (hangUp || lines.some((line) => invalidData.test(line))) {
    if (end.elapsedMs >= silenceMs && end.kind !== 'FILE') return 'TIMEOUT'
    if (end.kind === 'RTSP' || hangUp) return 'REFUSED'
    return 'UNSUPPORTED'
  }
  // SRT does not tell a port without a listener from one that doesn't answer: closed-port.ts does.
  if (end.kind === 'SRT' && lines.some((line) => /^\[srt @ .*Connection to .* failed/.test(line))) return 'TIMEOUT'
  if (lines.some((line) => /No space left on device|Read-only file system/.test(line))) return 'STORAGE'
  return 'UNKNOWN'
}
