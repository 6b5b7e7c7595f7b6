import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { dirname, join } from 'node:path'
import { findCommand, run, whenStopped } from './processes.mjs'
import { say } from './progress.mjs'

/** Where nothing answers at all, the build need not wait for long. */
const answerDeadlineMs = 8_000
const wholeDeadlineMs = 120_000

/**
 * The address of the worker that mediasoup's makers have built for a machine; the name is theirs.
 * @param {{ version: string, platform: string, arch: string, kernel: string, base?: string | undefined }} machine
 */
export function prebuiltUrl({ version, platform, arch, kernel, base }) {
  const kernelPart = platform === 'linux' ? `-kernel${kernel.split('.')[0]}` : ''
  const folder = base || 'https://github.com/versatica/mediasoup/releases/download'
  return `${folder}/${version}/mediasoup-worker-${version}-${platform}-${arch}${kernelPart}.tgz`
}

async function fetchWithin(/** @type {string} */ url) {
  const control = new AbortController()
  const late = () => control.abort(new Error('no answer in time'))
  let timer = setTimeout(late, answerDeadlineMs)
  try {
    const response = await fetch(url, { signal: control.signal })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    clearTimeout(timer)
    timer = setTimeout(late, wholeDeadlineMs)
    return Buffer.from(await response.arrayBuffer())
  } finally {
    clearTimeout(timer)
  }
}

/** The reason that a failed fetch has at its root. */
function reasonOf(/** @type {unknown} */ error) {
  const { cause, message } = /** @type {Error & { cause?: Error & { code?: string } }} */ (error)
  return cause?.code || cause?.message || message
}

/**
 * Tries once to download mediasoup's prebuilt worker to `worker`. False, with a line that says why, where that can't be.
 * @param {{ version: string, worker: string, runs: (path: string) => boolean, base?: string | undefined }} options
 */
export async function downloadWorker({
  version,
  worker,
  runs,
  base = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL,
}) {
  const url = prebuiltUrl({ version, platform: process.platform, arch: process.arch, kernel: release(), base })
  say(`mediasoup's prebuilt worker from ${new URL(url).host} …`)
  const folder = mkdtempSync(join(dirname(worker), 'download-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const forget = whenStopped(remove)
  try {
    if (!findCommand(['tar'])) throw new Error('there is no tar to unpack it')
    const archive = join(folder, 'worker.tgz')
    writeFileSync(archive, await fetchWithin(url))
    const unpacked = await run('tar', ['-xzf', archive, '-C', folder])
    if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.tail}`)
    const fresh = join(folder, 'mediasoup-worker')
    chmodSync(fresh, 0o755)
    if (!runs(fresh)) throw new Error('it does not run on this machine')
    renameSync(fresh, worker)
    return true
  } catch (error) {
    say(`  not to be had: ${reasonOf(error)}`)
    return false
  } finally {
    remove()
    forget()
  }
}
