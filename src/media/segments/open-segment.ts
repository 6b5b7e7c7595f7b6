import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { OpenSegment } from './types.ts'

/** Opens a segment for one answer; null where the file has gone. It can be read on after its deletion. */
export async function openSegment(path: string): Promise<OpenSegment | null> {
  const handle = await open(path).catch(() => null)
  if (!handle) return null
  const stats = await handle.stat()
  if (!stats.isFile() || stats.size === 0) {
    await handle.close()
    return null
  }
  return {
    sizeBytes: stats.size,
    read: (start, end) =>
      Readable.toWeb(handle.createReadStream({ start, end, highWaterMark: 256 * 1024 })) as ReadableStream<Uint8Array>,
    close: () => handle.close(),
  }
}
