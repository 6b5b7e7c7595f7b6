import { statfs } from 'node:fs/promises'
import { scarceBytes } from '../../../platform/database/space-guard.ts'
import type { Check } from '../check.ts'
import type { CheckOutcome } from '../model.ts'
import { statusOfPercent } from '../rules.ts'

export interface DiskSpace {
  totalBytes: number
  /** What we may still write; some file systems keep a part for root. */
  freeBytes: number
}

/** The share that can not be written to any more, in percent; null for a file system that does not say. */
export function usedPercent({ totalBytes, freeBytes }: DiskSpace): number | null {
  return totalBytes > 0 ? Math.round((1 - freeBytes / totalBytes) * 1000) / 10 : null
}

/** A warning from 80 % on, critical from 95 % on and where the space guard lets nothing be stored. */
export function judgeDisk(space: DiskSpace): CheckOutcome {
  const percent = usedPercent(space)
  const details = { usedPercent: percent, ...space }
  if (space.totalBytes > 0 && space.freeBytes < scarceBytes)
    return { status: 'CRITICAL', message: 'It is nearly full: nothing is stored until there is space again.', details }
  const status = statusOfPercent(percent)
  const message = percent === null ? 'How full it is is not known.' : `${percent} % is used.`
  return { status, message, details }
}

/** The disk of DATA_DIR. */
export async function readDisk(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize }
}

export function diskCheck(read: () => Promise<DiskSpace>): Check {
  return { component: 'DISK', name: 'disk', check: async () => judgeDisk(await read()) }
}
