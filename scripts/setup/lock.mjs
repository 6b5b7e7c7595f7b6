import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { whenStopped } from './processes.mjs'
import { say } from './progress.mjs'

const pollMs = 250
/** Longer than any step takes: a holder on another machine (a shared home) that is silent for so long has gone. */
const abandonedMs = 60 * 60 * 1000

/**
 * Whether a lock's holder has gone.
 * @param {{ pid: number, host: string } | null} holder null where its text can't be read
 * @param {{ host: string, ageMs: number, alive: (pid: number) => boolean }} seen
 */
export function isAbandoned(holder, { host, ageMs, alive }) {
  if (ageMs > abandonedMs) return true
  if (holder === null) return ageMs > 10_000
  return holder.host === host && !alive(holder.pid)
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

function removeAbandoned(/** @type {string} */ file) {
  try {
    const ageMs = Date.now() - statSync(file).mtimeMs
    let holder = null
    try {
      holder = JSON.parse(readFileSync(file, 'utf8'))
    } catch {}
    if (isAbandoned(holder, { host: hostname(), ageMs, alive: isAlive })) rmSync(file, { force: true })
  } catch {
    // It went by itself meanwhile.
  }
}

/**
 * Runs `work` while no other set-up on this machine runs its own under the same file.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function underLock(file, work) {
  mkdirSync(dirname(file), { recursive: true })
  const text = JSON.stringify({ pid: process.pid, host: hostname() })
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(file, text, { flag: 'wx' })
      break
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    }
    removeAbandoned(file)
    if (tries === 1) say('Another set-up is at work: waiting for it …')
    if (tries > 0) await wait(pollMs)
  }
  const release = () => rmSync(file, { force: true })
  const forget = whenStopped(release)
  try {
    return await work()
  } finally {
    release()
    forget()
  }
}
