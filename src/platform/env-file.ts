import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** A settings file that is there but can't be read or understood; its message names the file and the line, no value. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError'
}

/**
 * The environment with a settings file beneath it: what the environment has wins, also when it is empty. A file that
 * does not exist is an empty one. Throws EnvFileError for one that can't be read, or that has a line that sets nothing.
 */
export function withEnvFile(
  env: Readonly<Record<string, string | undefined>>,
  file = '.env',
): Record<string, string | undefined> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return { ...env }
    throw new EnvFileError(`The settings file ${file} can not be read (${code}).`)
  }
  const line = firstBadLine(text)
  if (line !== null) {
    throw new EnvFileError(`The settings file ${file} has no NAME=value in line ${line}; comments start with #.`)
  }
  return { ...parseEnv(text), ...env }
}

/** parseEnv skips what it doesn't understand in silence; a setting lost to a typo should be seen. */
function firstBadLine(text: string): number | null {
  const blank = text.replace(
    quotedValue,
    (whole, name: string) => `${name}=${'\n'.repeat(whole.split('\n').length - 1)}`,
  )
  const index = blank.split('\n').findIndex((line) => !/^\s*(?:#.*|(?:export\s+)?[\w.-]+\s*=.*)?\s*$/.test(line))
  return index < 0 ? null : index + 1
}

/** A value in quotes may run over several lines. */
const quotedValue = /^[^\S\n]*((?:export\s+)?[\w.-]+)[^\S\n]*=[^\S\n]*(["'`])[\s\S]*?\2/gm
