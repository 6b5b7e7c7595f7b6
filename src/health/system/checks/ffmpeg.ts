import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { shortRunArguments, versionArguments } from '../../../media/ffmpeg/arguments.ts'
import { spawnBound } from '../../../media/ffmpeg/spawn.ts'
import type { Logger } from '../../../platform/logs/logger.ts'
import { type Check, critical, healthy } from '../check.ts'
import { errorText } from '../checker.ts'

/** That FFmpeg can be started, says its version, and encodes a few frames of a test picture. */
export function ffmpegCheck(ffmpeg: string, logger: Logger): Check {
  return {
    component: 'FFMPEG',
    name: 'ffmpeg',
    costly: true,
    async check(signal) {
      try {
        const version = /^ffmpeg version (\S+)/.exec(await run(ffmpeg, versionArguments, signal, logger))?.[1] ?? null
        await run(ffmpeg, shortRunArguments, signal, logger)
        return healthy('It can be started and encodes.', { version })
      } catch (error) {
        return critical('It can not be started, or does not encode.', { error: errorText(error) })
      }
    },
  }
}

/** What it wrote to its standard output. Rejects where it fails; it is killed when nobody wants its answer any more. */
async function run(ffmpeg: string, args: readonly string[], signal: AbortSignal, logger: Logger): Promise<string> {
  const child = await spawnBound(ffmpeg, [...args], ['ignore', 'pipe', 'pipe'], logger)
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  try {
    const [output, errors, [code, endedBy]] = await Promise.all([text(child.stdout!), text(child.stderr!), exited])
    if (code !== 0) throw new Error(`it ended with ${code ?? endedBy}: ${errors.trim().slice(-200)}`)
    return output
  } finally {
    signal.removeEventListener('abort', kill)
  }
}
