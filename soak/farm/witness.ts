import { createInterface } from 'node:readline'
import { Child } from '../support/child.ts'
import type { FarmLog } from './log.ts'

/** No source of the farm is silent for so long by intent: what comes by HTTP comes in bursts of up to 6 s. */
const worthNotingMs = (url: string) => (url.startsWith('http:') ? 9000 : 1000)

/**
 * A second reader of a source, which only copies packets into a log: where it misses packets too, the source was at fault and
 * not who judged it.
 */
export class Witness implements AsyncDisposable {
  readonly #child: Child
  readonly #timer: NodeJS.Timeout

  constructor(name: string, url: string, log: FarmLog) {
    const transport = url.startsWith('rtsp:') ? ['-rtsp_transport', 'tcp'] : []
    this.#child = new Child(
      'ffmpeg',
      [
        '-v',
        'error',
        '-nostdin',
        ...transport,
        '-i',
        url,
        '-map',
        '0',
        '-c',
        'copy',
        '-f',
        'framecrc',
        '-flush_packets',
        '1',
        'pipe:1',
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        onUnexpectedEnd: (what) => log.add(`witness of ${name}`, what),
      },
    )
    const limitMs = worthNotingMs(url)
    const lastAt = new Map<string, number>()
    const told = new Set<string>()
    createInterface({ input: this.#child.process.stdout! }).on('line', (line) => {
      if (line.startsWith('#')) return
      const track = line.slice(0, line.indexOf(','))
      const now = Date.now()
      if (told.delete(track))
        log.add(`witness of ${name}`, `track ${track} is back after ${now - lastAt.get(track)!} ms`)
      lastAt.set(track, now)
    })
    this.#timer = setInterval(() => {
      for (const [track, at] of lastAt) {
        if (Date.now() - at < limitMs || told.has(track)) continue
        told.add(track)
        log.add(`witness of ${name}`, `track ${track}: nothing for ${Date.now() - at} ms`)
      }
    }, 250)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#child[Symbol.asyncDispose]()
  }
}
