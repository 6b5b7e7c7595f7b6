import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The commit that runs, with `+` where files differ from it; null outside of a repository. */
export async function commitOfProject(): Promise<string | null> {
  const git = async (...args: string[]) =>
    (await promisify(execFile)('git', args, { cwd: new URL('../..', import.meta.url).pathname })).stdout.trim()
  try {
    const changed = await git('status', '--porcelain', '--untracked-files=no')
    return `${await git('rev-parse', 'HEAD')}${changed ? '+' : ''}`
  } catch {
    return null
  }
}
