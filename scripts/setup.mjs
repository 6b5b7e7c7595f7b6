// `node scripts/setup.mjs [packages|media|tests]`: set-up alone, for images and machines that start the program later.
import { orExplain, setUp } from './setup/set-up.mjs'

const extent = process.argv[2] ?? 'media'

await orExplain(async () => {
  if (extent !== 'packages' && extent !== 'media' && extent !== 'tests') {
    process.stderr.write('Usage: node scripts/setup.mjs [packages|media|tests]\n')
    process.exitCode = 2
    return
  }
  const { node, env } = await setUp(extent)
  process.stdout.write(`node=${node}\nMEDIASOUP_WORKER_BIN=${env.MEDIASOUP_WORKER_BIN ?? ''}\n`)
})
