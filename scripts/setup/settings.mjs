import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as util from 'node:util'

/** The settings that set-up has to know before the program reads them all. */
const names = ['MEDIASOUP_WORKER_BIN', 'FFMPEG_PATH', 'FFPROBE_PATH', 'NODE_ENV']

/**
 * The environment, with what .env says of set-up's own settings where the environment says nothing.
 * @param {string} folder the one that .env is read from
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function settings(folder, env = process.env) {
  const file = join(folder, '.env')
  // Node.js before 20.12 can't parse such a file.
  if (typeof util.parseEnv !== 'function' || !existsSync(file)) return env
  const written = util.parseEnv(readFileSync(file, 'utf8'))
  return { ...Object.fromEntries(names.flatMap((name) => (written[name] ? [[name, written[name]]] : []))), ...env }
}
