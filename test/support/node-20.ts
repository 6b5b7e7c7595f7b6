import { execFileSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { installNode } from '../../scripts/setup/node.mjs'
import { cacheFolder } from '../../scripts/setup/places.mjs'

const version = '20.20.2'

/** The oldest Node.js that the client is for: one on the PATH, else npm's package, kept in the cache. */
export async function node20(): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const node = join(folder, 'node')
    try {
      if (execFileSync(node, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).startsWith('v20.')) return node
    } catch {
      // None here.
    }
  }
  return installNode(cacheFolder(process.env), { name: `node-${process.platform}-${process.arch}`, version })
}
