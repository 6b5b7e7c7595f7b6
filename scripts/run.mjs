// `node scripts/run.mjs FILE [args]`: set-up, then a TypeScript file of the project. Benchmarks and soaks get all that tests
// have, other scripts the packages alone.
import { relative, resolve } from 'node:path'
import { handOver } from './setup/hand-over.mjs'
import { inProject } from './setup/places.mjs'
import { orExplain, setUp } from './setup/set-up.mjs'

const [file, ...args] = process.argv.slice(2)

await orExplain(async () => {
  if (!file) {
    process.stderr.write('Usage: node scripts/run.mjs FILE [args]\n')
    process.exitCode = 2
    return
  }
  const measures = ['bench', 'soak'].includes(relative(inProject('.'), resolve(file)).split('/')[0] ?? '')
  const { node, env } = await setUp(measures ? 'tests' : 'packages')
  handOver(node, [file, ...args], env)
})
