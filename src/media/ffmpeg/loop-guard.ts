import type { GatedSource } from '../../sources/gate.ts'
import { cleanerOf } from '../../sources/source-redactor.ts'
import type { StreamSource } from '../../streams/model.ts'

/** Sees in FFmpeg's log that a source sends it round and round; FFmpeg itself would go on, thousands of times a second. */
export interface LoopGuard {
  /** Takes one line, read at `at` (ms); true from the line on that shows a loop. */
  push(line: string, at: number): boolean
}

/** FFmpeg itself follows so many over HTTP; RTSP's it follows without end. */
const redirectsAllowed = 8
/** A live playlist of the shortest segments is read anew twice a second. */
const openingsAllowed = 12
const openingsWithinMs = 3_000
const addressesKept = 16

/** For lines that are redacted, and name the source itself where it is behind the gate. */
export function createLoopGuard(source: StreamSource, gated?: GatedSource | null): LoopGuard {
  const ownPiece =
    source.kind === 'HLS' ? `HLS request for url '${cleanerOf(source, gated)(source.url).split('?')[0]}` : null
  let connections = 0
  let redirects = 0
  let loops = false
  /** When each address was opened, as often as is allowed. */
  const openings = new Map<string, number[]>()

  function opened(name: string, at: number): boolean {
    const times = [...(openings.get(name) ?? []), at].slice(-openingsAllowed)
    openings.delete(name)
    openings.set(name, times)
    if (openings.size > addressesKept) openings.delete(openings.keys().next().value!)
    return times.length === openingsAllowed && at - times[0]! < openingsWithinMs
  }

  return {
    push(line, at) {
      if (loops) return true
      if (/\bStatus 3\d\d: Redirecting to /.test(line)) loops = ++redirects > redirectsAllowed
      // HTTP's redirects are not logged. FFmpeg makes one connection after the other and gives up with a word that says nothing.
      else if (/^\[tcp @ [^\]]*\] \[verbose\] Successfully connected to /.test(line)) connections += 1
      else if (/^\[error\] https?:.* Input\/output error$/.test(line)) loops = connections > redirectsAllowed
      // A list that is a piece of itself. Any other address may be named again and again: a slate between two parts.
      else if (ownPiece && isPiece(line, ownPiece)) loops = true
      else if (/\bHLS request for url |^\[info\] Input #/.test(line)) connections = 0
      else {
        const name = /\] Opening '(.*)' for reading$/.exec(line)?.[1]
        if (name !== undefined) {
          connections = 0
          loops = opened(name, at)
        }
      }
      return loops
    },
  }
}

/** Whatever its query. */
function isPiece(line: string, start: string): boolean {
  const at = line.indexOf(start)
  return at >= 0 && /^(\?[^']*)?', offset 0,/.test(line.slice(at + start.length))
}
