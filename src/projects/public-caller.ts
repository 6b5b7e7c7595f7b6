import type { Caller } from '../caller.ts'

/** Who asks without a key: may read the public part of the project where it has one, nothing else. */
export function publicCaller(projectId: string, publicHealth: boolean): Caller {
  return { projectId: publicHealth ? projectId : null, scopes: [], actor: { kind: 'ANONYMOUS' } }
}
