// `npm start`: set-up, then the server.
import { handOver } from './setup/hand-over.mjs'
import { inProject } from './setup/places.mjs'
import { serverFlags } from './setup/server-flags.mjs'
import { orExplain, setUp } from './setup/set-up.mjs'

const args = process.argv.slice(2)
const onlyAnswers = args.some((arg) => ['--help', '-h', '--version', '-v'].includes(arg))

await orExplain(async () => {
  const { node, env } = await setUp(onlyAnswers ? 'packages' : 'media')
  handOver(node, [...serverFlags, inProject('src/main.ts'), ...args], env)
})
