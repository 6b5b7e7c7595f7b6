import { createInterface } from 'node:readline'
import { Child } from '../support/child.ts'
import type { FarmLog } from './log.ts'

export interface CameraMount {
  path: string
  video: string
  fps: number
  audio: string | null
  audioCodec: 'aac' | 'pcma' | null
}

const script = new URL('cameras.py', import.meta.url).pathname

/** All cameras in one process; answers when they listen. */
export async function startCameras(mounts: CameraMount[], log: FarmLog): Promise<{ child: Child; port: number }> {
  const ready = Promise.withResolvers<number>()
  const child = new Child('/usr/bin/python3', [script, JSON.stringify(mounts)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    onUnexpectedEnd: (what) => {
      log.add('cameras', what)
      ready.reject(new Error(what))
    },
  })
  createInterface({ input: child.process.stdout! }).on('line', (line) => {
    const said = JSON.parse(line) as { event: string; port?: number; name?: string; what?: string }
    if (said.event === 'ready') ready.resolve(said.port!)
    else if (said.event === 'fault') log.add(`camera ${said.name}`, said.what ?? '')
    else log.add('cameras', said.event)
  })
  return { child, port: await ready.promise }
}
