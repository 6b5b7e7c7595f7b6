// Bundles watch.js as a site of yours would, and serves it beside watch.html on http://127.0.0.1:8090.
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))
const bundler = await esbuild.context({
  absWorkingDir: folder,
  entryPoints: ['watch.js'],
  outdir: folder,
  bundle: true,
  format: 'esm',
  splitting: true,
  // Nothing is written: the server has it in memory.
  write: false,
})
const { port } = await bundler.serve({ host: '127.0.0.1', port: Number(process.env.PORT ?? 8090), servedir: folder })
console.log(`http://127.0.0.1:${port}/watch.html#url=http://127.0.0.1:8080&stream=<id>&key=<key>`)
