import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

// mediasoup reads the variable when it is imported: import this file before anything that imports it.
const package_ = createRequire(import.meta.url)
  .resolve('mediasoup')
  .replace(/node\/lib\/index\.js$/, 'package.json')
const { version } = JSON.parse(readFileSync(package_, 'utf8')) as { version: string }
const fetched = join(dirname(package_), 'worker/out/Release/mediasoup-worker')
const built = join(homedir(), `.cache/weir/mediasoup-worker-${version}/mediasoup-worker`)

process.env.MEDIASOUP_WORKER_BIN ??= existsSync(fetched) ? fetched : built
