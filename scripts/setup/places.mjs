import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's own folder. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Where set-up keeps what it has to do only once a machine: Node.js, the media worker, compiled code.
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir')
}

/** The full path of a file of the project. */
export function inProject(/** @type {string} */ path) {
  return join(projectFolder, path)
}
