import { execFile } from 'node:child_process'
import { closeSync, constants, ftruncateSync, openSync, readSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '../../platform/logs/logger.ts'

/**
 * The two ways on which FFmpeg tells figures, read when we want and without one event: a stream would cost more by its
 * events than by everything else. Both are nameless once they are open.
 */
export interface Channels {
  /** What the child gets as descriptors 3 and 4. */
  childFds: [number | 'ignore', number | 'ignore']
  /** Closes our copies of the child's ends. Call it once the child runs. */
  handedOver(): void
  /** What has come of the packet log since the last call, at most 256 KB. */
  readPackets(): string
  /** What has come of -progress since the last call. */
  readProgress(): string
  close(): void
}

/** Shared by all: each read is used up before the next one. */
const buffer = Buffer.allocUnsafe(64 * 1024)
const readsAtOnce = 4

/**
 * The packet log is a pipe: the kernel bounds it, and FFmpeg drops what does not fit. Progress is a file that we empty at
 * each read: FFmpeg writes progress from its main loop, and a full pipe would stop that. Where they can't be made (no
 * room, no permission) FFmpeg runs without figures.
 */
export async function openChannels(logger: Logger): Promise<Channels> {
  const { O_RDONLY, O_NONBLOCK, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_APPEND } = constants
  const opened = new Set<number>()
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags, 0o600)
    opened.add(fd)
    return fd
  }
  const close = (...fds: (number | null)[]) => {
    for (const fd of fds) if (fd !== null && opened.delete(fd)) closeSync(fd)
  }

  let reader: number | null = null
  let writer: number | null = null
  let progress: number | null = null
  let folder: string | null = null
  try {
    folder = await mkdtemp(join(tmpdir(), 'weir-ffmpeg-'))
    const pipe = join(folder, 'packets')
    await promisify(execFile)('mkfifo', ['-m', '600', pipe])
    reader = open(pipe, O_RDONLY | O_NONBLOCK)
    writer = open(pipe, O_WRONLY)
    progress = open(join(folder, 'progress'), O_RDWR | O_CREAT | O_EXCL | O_APPEND)
  } catch (error) {
    logger.warn({ err: error }, 'FFmpeg runs without figures: their pipe could not be made')
    close(...opened)
    reader = writer = progress = null
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }

  return {
    childFds: [writer ?? 'ignore', progress ?? 'ignore'],
    handedOver: () => close(writer),
    readPackets() {
      let text = ''
      for (let reads = 0; reads < readsAtOnce && reader !== null && opened.has(reader); reads += 1) {
        const length = readOrNothing(reader, null)
        text += buffer.toString('latin1', 0, length)
        if (length < buffer.length) break
      }
      return text
    },
    readProgress() {
      if (progress === null || !opened.has(progress)) return ''
      const length = readOrNothing(progress, 0)
      if (length === 0) return ''
      const text = buffer.toString('latin1', 0, length)
      empty(progress)
      return text
    },
    close: () => close(...opened),
  }
}

/** 0 where there is nothing to read now (EAGAIN) or any more. */
function readOrNothing(fd: number, position: number | null): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, position)
  } catch {
    return 0
  }
}

function empty(fd: number): void {
  try {
    ftruncateSync(fd)
  } catch {
    // It only grows until the next time.
  }
}
