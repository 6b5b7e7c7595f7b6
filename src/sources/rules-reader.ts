import type { IpRange } from '../network/ip.ts'
import type { SourcePolicy, SourceRules } from './policy.ts'
import { sourceRules } from './rules.ts'

export interface RulesReaderDeps {
  always: readonly IpRange[]
  /** SOURCE_ALLOW_PRIVATE; null: while the server is one project's alone. */
  allowPrivate: boolean | null
  /** Null: there is no such project. `isAlone`: the server is this project's, and on this machine. */
  read(projectId: string): Promise<{ policy: SourcePolicy; isAlone: boolean } | null>
  monotonicMs(): number
}

const keptMs = 5_000
const projectsKept = 1_000

/**
 * Reads the rules of projects, at most every 5 s each. While the database is away those that were read last go on: nobody can have
 * changed them. Rejects where there are none.
 */
export function createRulesReader(deps: RulesReaderDeps): (projectId: string) => Promise<SourceRules> {
  const known = new Map<string, { at: number; rules: SourceRules }>()
  return async (projectId) => {
    const asked = deps.monotonicMs()
    const last = known.get(projectId)
    if (last && asked - last.at < keptMs) return last.rules
    try {
      const found = await deps.read(projectId)
      const server = { always: deps.always, allowPrivate: deps.allowPrivate ?? found?.isAlone ?? false }
      const rules = sourceRules(server, found?.policy ?? {})
      known.delete(projectId)
      known.set(projectId, { at: asked, rules })
      if (known.size > projectsKept) known.delete(known.keys().next().value!)
      return rules
    } catch (error) {
      if (last) return last.rules
      throw error
    }
  }
}
