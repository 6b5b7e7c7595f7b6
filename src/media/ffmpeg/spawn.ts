import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Logger } from '../../platform/logs/logger.ts'

/**
 * Starts FFmpeg or ffprobe and answers when it runs; rejects with Error where it could not be started at all (no such
 * program, no more processes). It ends with this process, even when that is killed, and gets none of our environment,
 * which holds secrets, but what `environment` adds.
 */
export async function spawnBound(
  program: string,
  programArguments: string[],
  stdio: StdioOptions,
  logger: Logger,
  environment: Record<string, string> = {},
): Promise<ChildProcess> {
  const [command = program, ...rest] = [...boundToUs(logger), program, ...programArguments]
  const child = spawn(command, rest, {
    stdio,
    // A process group of its own: Ctrl-C in a terminal is for us, and we end FFmpeg in order.
    detached: true,
    env: { PATH: process.env.PATH, AV_LOG_FORCE_NOCOLOR: '1', ...environment },
  })
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new Error(`${program} could not be started (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
  return child
}

/** What stands at the place of standard input in `stdio` for a process that is to read `input` there. */
export function inputKind(input: string | null): 'pipe' | 'ignore' {
  return input === null ? 'ignore' : 'pipe'
}

/** Gives it all that it is to read from its standard input. One that has ended meanwhile says so by its end. */
export function giveInput(child: ChildProcess, input: string | null): void {
  if (input !== null) child.stdin?.on('error', () => {}).end(input)
}

let setpriv: string | null | undefined

/** The command before the command: by it the kernel kills the child when the thread that started it is gone. */
function boundToUs(logger: Logger): string[] {
  if (setpriv === undefined) {
    setpriv = onPath('setpriv')
    if (setpriv === null)
      logger.warn({}, 'setpriv (util-linux) is missing: when this process is killed, FFmpeg goes on')
  }
  return setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL', '--']
}

function onPath(name: string): string | null {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return candidates.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
