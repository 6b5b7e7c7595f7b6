import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What a running FFmpeg was told, from /proc. */
export function argumentsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
}

/**
 * Runs the same FFmpeg with the same arguments, without Weir, and answers how long after the spawn the first RTP packet
 * arrives, in ms. The ports that the arguments name must be free.
 */
export async function firstPacketByHand(commandLine: readonly string[]): Promise<number> {
  const [program, ...ffmpegArguments] = commandLine
  const outputs = ffmpegArguments.at(-1)!.replaceAll('\\', '')
  const ports = [...outputs.matchAll(/rtp:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
  if (ports.length === 0) throw new Error(`no RTP output in ${outputs}`)
  for (const [path] of outputs.matchAll(/\/[^|\]\s:=]*\.m3u8/g)) await mkdir(dirname(path), { recursive: true })

  const sockets = ports.map(() => createSocket('udp4'))
  try {
    await Promise.all(
      sockets.map(async (socket, i) => {
        socket.bind(ports[i], '127.0.0.1')
        await once(socket, 'listening')
      }),
    )
    const first = Promise.race(sockets.map((socket) => once(socket, 'message')))
    const startedAt = performance.now()
    const child = spawn(program!, ffmpegArguments, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'exit')
    for (const output of child.stdio.slice(3)) (output as NodeJS.ReadableStream).resume()
    const arrived = await Promise.race([first.then(() => true), ended.then(() => false)])
    const tookMs = performance.now() - startedAt
    child.kill('SIGKILL')
    await ended
    if (!arrived) throw new Error('FFmpeg ended before its first packet')
    return tookMs
  } finally {
    for (const socket of sockets) socket.close()
  }
}
