import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freeTcpPort } from './free-ports.ts'

export interface RedisServer {
  port: number
  stop(): Promise<void>
}

/** A real redis-server on a free port, without files. */
export async function startRedisServer(): Promise<RedisServer> {
  const port = await freeTcpPort()
  const server = spawn(
    'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  let log = ''
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    log += chunk
    if (log.includes('Ready to accept connections')) break
  }
  server.stdout.resume()
  if (server.exitCode !== null) throw new Error(`redis-server did not start:\n${log}`)
  return {
    port,
    async stop() {
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      await gone
    },
  }
}
