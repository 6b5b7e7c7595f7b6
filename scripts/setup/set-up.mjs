import { dirname, join } from 'node:path'
import { install } from './apt.mjs'
import { ensureNode } from './node.mjs'
import { ensurePackages } from './packages.mjs'
import { cacheFolder, projectFolder } from './places.mjs'
import { SetUpError } from './set-up-error.mjs'
import { settings } from './settings.mjs'
import { findBrowser, missingMediaTools, missingTestTools } from './tools.mjs'
import { findWorker, makeWorker } from './worker.mjs'
import { missingForBuild } from './worker-build.mjs'

/** How much has to be there: `packages` for a command-line answer, `media` for a running server, `tests` for everything. */
/** @typedef {'packages' | 'media' | 'tests'} Extent */

/**
 * Takes what is missing, in order, and answers how a program is started then.
 * @param {Extent} extent
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>}
 */
export async function setUp(extent) {
  const project = projectFolder
  const given = settings(process.cwd())
  const cache = cacheFolder(given)
  const node = await ensureNode(cache)
  const production = given.NODE_ENV === 'production' && extent !== 'tests'
  await ensurePackages({ project, cache, node, set: production ? 'production' : 'all' })

  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NODE_COMPILE_CACHE: join(cache, 'compiled') }
  // What the program starts as `node` is the same one. That folder holds nothing else that could hide another's.
  if (node !== process.execPath) env.PATH = `${dirname(node)}:${process.env.PATH}`
  if (extent === 'packages') return { node, env }

  const worker = await findWorker({ project, cache, given: given.MEDIASOUP_WORKER_BIN })
  // All that is missing is asked for at once: a build that waits minutes for the next question helps nobody.
  await install([
    ...(worker.there ? [] : await missingForBuild()),
    ...missingMediaTools(given),
    ...(extent === 'tests' ? missingTestTools() : []),
  ])
  if (worker.path && !worker.there) await makeWorker({ project, path: worker.path })
  if (worker.path) env.MEDIASOUP_WORKER_BIN = worker.path
  const browser = extent === 'tests' ? findBrowser() : null
  if (browser) env.CHROMIUM ??= browser
  return { node, env }
}

/**
 * Runs a whole script; a set-up that can't go on ends it with its message and exit code 1.
 * @param {() => Promise<void>} script
 */
export async function orExplain(script) {
  try {
    await script()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  }
}
