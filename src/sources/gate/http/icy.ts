import type { Socket } from 'node:net'

const icy = 'ICY '

/** Old radio servers begin their answer with `ICY 200 OK`: says HTTP in its place. For a connection on which nothing has come yet. */
export function understandIcy(socket: Socket): void {
  const push = socket.push
  socket.push = function (this: Socket, chunk: Buffer | null, ...rest) {
    socket.push = push
    const isIcy = chunk !== null && chunk.length >= icy.length && chunk.toString('latin1', 0, icy.length) === icy
    return push.call(
      this,
      isIcy ? Buffer.concat([Buffer.from('HTTP/1.0 '), chunk.subarray(icy.length)]) : chunk,
      ...rest,
    )
  }
}
