import { mkdir, open, readFile, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { checkBoxes, type FragmentKind } from './boxes.ts'
import { parseList } from './list.ts'
import { initName, listName, segmentName } from './names.ts'

/** A segment that FFmpeg has finished. */
export interface FoundSegment {
  number: number
  durationSeconds: number
  sizeBytes: number
  /** When its file was last written: the arrival of what follows it. ms since the epoch. */
  completedAtMs: number
  /** Why it can't be played, or null. */
  fault: string | null
  /** Segments before it were listed and gone before they were seen. */
  missedBefore: boolean
}

/** One read sees all boxes of a usual segment but the body of the last. */
const readBytes = 4096
const maxListBytes = 1_000_000
const maxMissedDeletes = 1000

/** The folder that one FFmpeg process writes its segments to. */
export class RunFolder {
  readonly path: string
  private nextNumber = 0
  private lastListChange = ''
  private initWhole = false

  constructor(path: string) {
    this.path = path
  }

  /** Makes it, empty. Rejects where the disk does not allow it. */
  async create(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
    await mkdir(this.path, { recursive: true })
  }

  /** What has been finished since the last call. No list (yet, or any more) is no segments. */
  async poll(): Promise<FoundSegment[]> {
    const listPath = join(this.path, listName)
    const list = await orNull(stat(listPath))
    if (list === null || list.size > maxListBytes) return []
    const change = `${list.ino} ${list.mtimeMs} ${list.size}`
    if (change === this.lastListChange) return []
    const text = await orNull(readFile(listPath, 'utf8'))
    if (text === null) return []
    this.lastListChange = change
    const found: FoundSegment[] = []
    for (const listed of parseList(text)) {
      if (listed.number < this.nextNumber) continue
      const missedBefore = listed.number > this.nextNumber
      if (missedBefore) await this.deleteMissed(this.nextNumber, listed.number)
      this.nextNumber = listed.number + 1
      this.initWhole ||= (await inspect(join(this.path, initName), 'INIT')).fault === null
      const file = await inspect(join(this.path, segmentName(listed.number)), 'SEGMENT')
      found.push({ ...listed, ...file, fault: this.initWhole ? file.fault : 'init is not whole', missedBefore })
    }
    return found
  }

  async deleteSegment(number: number): Promise<void> {
    await unlink(join(this.path, segmentName(number)))
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  private async deleteMissed(from: number, to: number): Promise<void> {
    for (let number = Math.max(from, to - maxMissedDeletes); number < to; number++) {
      await orNull(this.deleteSegment(number))
    }
  }
}

async function inspect(
  path: string,
  kind: FragmentKind,
): Promise<Pick<FoundSegment, 'sizeBytes' | 'completedAtMs' | 'fault'>> {
  const unreadable = { sizeBytes: 0, completedAtMs: Date.now(), fault: 'can not be read' }
  const handle = await orNull(open(path))
  if (handle === null) return unreadable
  try {
    const { size, mtimeMs } = await handle.stat()
    const buffer = new Uint8Array(readBytes)
    let start = 0
    let end = 0
    const boxes = checkBoxes(kind, size)
    let step = boxes.next(new Uint8Array())
    while (!step.done) {
      const offset = step.value
      if (offset < start || Math.min(offset + 16, size) > end) {
        start = offset
        end = offset + (await handle.read(buffer, 0, readBytes, offset)).bytesRead
      }
      step = boxes.next(buffer.subarray(offset - start, Math.min(offset + 16, end) - start))
    }
    return { sizeBytes: size, completedAtMs: mtimeMs, fault: step.value }
  } catch {
    return unreadable
  } finally {
    await orNull(handle.close())
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch {
    return null
  }
}
