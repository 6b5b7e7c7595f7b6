import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCameras } from '../farm/cameras.ts'
import { makeTracks } from '../farm/clips.ts'
import type { FarmSource } from '../farm/farm.ts'
import type { FarmLog } from '../farm/log.ts'

const small = { width: 160, height: 90, fps: 10 }

/** Test patterns that cost as little as can be. */
export function patterns(count: number): FarmSource[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `pattern ${at + 1}`,
    source: { testPattern: { ...small, tone: false } },
  }))
}

/** RTSP cameras as small, with a keyframe a second; they end with `stack`. */
export async function cameras(count: number, log: FarmLog, stack: AsyncDisposableStack): Promise<FarmSource[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-soak-cameras-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const tracks = await makeTracks(folder, 'camera', { ...small, gopSeconds: 1, profile: 'baseline' })
  const mounts = Array.from({ length: count }, (_, at) => ({
    ...{ path: `/camera-${at + 1}`, ...tracks, fps: small.fps, audioCodec: null },
  }))
  const { child, port } = await startCameras(mounts, log)
  stack.use(child)
  return mounts.map(({ path }) => ({
    name: path.slice(1).replace('-', ' '),
    source: { url: { url: `rtsp://127.0.0.1:${port}${path}` } },
  }))
}
