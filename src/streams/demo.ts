import type { Caller } from '../caller.ts'
import type { StreamService } from './types.ts'

/** The stream that an empty database begins with: a test pattern with a tone, running. */
export async function createDemoStream(streams: StreamService, projectId: string): Promise<void> {
  const system: Caller = { projectId, scopes: ['WRITE'], actor: { kind: 'SYSTEM' } }
  await streams.create(
    system,
    {
      name: 'Test pattern',
      source: { testPattern: { width: 1280, height: 720, fps: 25, tone: true } },
      start: true,
    },
    'demo',
  )
}
