import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freeTcpPort } from '../../test/support/free-ports.ts'
import { until } from '../../test/support/until.ts'
import { Child } from '../support/child.ts'
import type { FarmLog } from './log.ts'

/** nginx with its RTMP module, and a publisher that sends a clip to it round and round. */
export async function startRtmp(
  folder: string,
  clip: string,
  log: FarmLog,
  children: AsyncDisposableStack,
): Promise<string> {
  const port = await freeTcpPort()
  const config = join(folder, 'nginx.conf')
  await writeFile(
    config,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr warn;
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
events {}
rtmp { server { listen 127.0.0.1:${port}; access_log off; application live { live on; record off; } } }
`,
  )
  children.use(
    new Child('nginx', ['-c', config, '-p', folder, '-e', 'stderr'], {
      onUnexpectedEnd: (what) => log.add('rtmp server', what),
    }),
  )
  await until('nginx listens', () => listens(port))
  const url = `rtmp://127.0.0.1:${port}/live/soak`
  children.use(
    new Child(
      'ffmpeg',
      ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip, '-c', 'copy', '-f', 'flv', url],
      { onUnexpectedEnd: (what) => log.add('rtmp publisher', what) },
    ),
  )
  return url
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
