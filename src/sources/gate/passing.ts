import type { Socket } from 'node:net'
import { readBytes } from './pinned.ts'
import type { Hold } from './ticker.ts'

const leaveMs = 1_000
const empty = Buffer.alloc(0)

/**
 * After `count` bytes from the one were written to the other: whether more may be read at once. Where not, reading goes on by itself: when what was
 * written has gone out, for the bytes have to stay as they are until then, or with `hold`, so that more is read together.
 */
export function mayReadOn(from: Socket, to: Socket, count: number, hold: Hold | null): boolean {
  if (to.writableLength > 0) {
    to.write(empty, () => from.resume())
    return false
  }
  if (!hold || count >= readBytes) return true
  hold(() => from.resume())
  return false
}

/** Ends a connection after what is written has gone out; a peer that does not take it does not hold the socket for long. */
export function leave(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), leaveMs)
  socket.once('close', () => clearTimeout(timer))
  socket.end()
  socket.resume()
}
