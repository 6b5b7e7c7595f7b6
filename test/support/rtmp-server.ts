import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeTcpPort } from './free-ports.ts'
import { until } from './until.ts'

const modules = ['/usr/lib/nginx/modules/ngx_rtmp_module.so', '/usr/lib64/nginx/modules/ngx_rtmp_module.so']

export interface RtmpServer extends AsyncDisposable {
  port: number
}

/** nginx with its RTMP module on a free loopback port, with an application `live`. */
export async function startRtmpServer(): Promise<RtmpServer> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-rtmp-'))
  const port = await freeTcpPort()
  const load = modules.filter((path) => existsSync(path)).map((path) => `load_module ${path};`)
  const configuration = `
    ${load.join('\n')}
    daemon off; master_process off; pid ${folder}/pid; error_log stderr;
    events {}
    rtmp { server { listen 127.0.0.1:${port}; access_log off; application live { live on; } } }
  `
  await writeFile(join(folder, 'nginx.conf'), configuration)
  const server = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  server.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-2000)
  })
  const isListening = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  await until(
    'nginx listens',
    () => {
      if (server.exitCode !== null) throw new Error(`nginx did not start:\n${log}`)
      return isListening()
    },
    { explain: () => log },
  )
  return {
    port,
    async [Symbol.asyncDispose]() {
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}
