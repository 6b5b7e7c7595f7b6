import { redact } from '../../platform/redact.ts'

/** The last lines of FFmpeg's log that matter, redacted. */
export interface ProcessLog {
  push(text: string): void
  /** Adds a line of our own: why we ended it. */
  note(line: string): void
  /** Takes what has no line end yet for a line too: nothing more will come. */
  end(): void
  /** Oldest first, at most 50. */
  lines(): string[]
}

const linesKept = 50
const lineLength = 400
/** More without a line end is cut off. */
const rawLimit = 4096

/** `onLine` sees every line, also those that are not kept, redacted by `clean` and cut. */
export function createProcessLog(
  onLine: (line: string) => void = () => {},
  clean: (text: string) => string = redact,
): ProcessLog {
  const kept: string[] = []
  let partial = ''
  let skipping = false

  function take(raw: string, whole: boolean): void {
    // A cut may go through a URL, and half a URL can't be told from other text: what holds on to the cut goes too.
    const line = cut(clean(whole ? raw : raw.replace(/\S*$/, '…')).trimEnd())
    if (line === '') return
    onLine(line)
    if (worthKeeping(line)) keep(line)
  }

  function keep(line: string): void {
    kept.push(line)
    if (kept.length > linesKept) kept.shift()
  }

  return {
    note: keep,
    push(text) {
      const lines = (partial + text).split(/[\r\n]+/)
      partial = lines.pop() ?? ''
      for (const line of lines) {
        if (!skipping) take(line.slice(0, rawLimit), line.length <= rawLimit)
        skipping = false
      }
      if (partial.length > rawLimit) {
        if (!skipping) take(partial.slice(0, rawLimit), false)
        skipping = true
        partial = ''
      }
    },
    end() {
      if (!skipping) take(partial, true)
      partial = ''
    },
    lines: () => [...kept],
  }
}

function cut(line: string): string {
  return line.length > lineLength ? `${line.slice(0, lineLength)}…` : line
}

/** At level "info" FFmpeg mostly describes; of that only how it ended is of use later. */
function worthKeeping(line: string): boolean {
  return !/^(\[[^\]]* @ [^\]]*\] )?\[(info|verbose|debug)\]/.test(line) || line.includes('Exiting normally')
}
