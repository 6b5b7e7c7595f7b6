import { readFile } from 'node:fs/promises'
import { WebServer } from '../../test/support/web-server.ts'
import { radioBytesPerSecond } from './clips.ts'
import type { FarmLog } from './log.ts'

const burstBytes = 64 * 1024
const everyMs = 250

/** A radio as Icecast sends it: a burst at the start, then as fast as it is heard, for ever. */
export async function startRadio(path: string, log: FarmLog): Promise<WebServer> {
  const music = await readFile(path)
  const loop = Buffer.concat([music, music])
  return WebServer.start((request, response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg', 'icy-name': 'Soak Radio', 'cache-control': 'no-cache' })
    const startedAt = performance.now()
    let sent = 0
    let tickedAt = startedAt
    const tick = () => {
      const now = performance.now()
      if (now - tickedAt > 1000) log.add('radio', `nothing sent for ${Math.round(now - tickedAt)} ms`)
      tickedAt = now
      const due = burstBytes + Math.floor(((now - startedAt) / 1000) * radioBytesPerSecond)
      while (sent < due) {
        const from = sent % music.length
        const bytes = Math.min(due - sent, music.length)
        response.write(loop.subarray(from, from + bytes))
        sent += bytes
      }
    }
    const timer = setInterval(tick, everyMs)
    tick()
    request.once('close', () => clearInterval(timer))
    response.once('close', () => clearInterval(timer))
  })
}
