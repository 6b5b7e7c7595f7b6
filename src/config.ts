import type { z } from 'zod'
import { type Setting, type SettingName, type Settings, settings } from './config/settings.ts'
import { redact } from './platform/redact.ts'

/** The whole environment, read and checked. A setting that is not given and has no default is null. */
export type Config = {
  readonly [Field in keyof Settings]:
    | z.output<Settings[Field]['schema']>
    | (Settings[Field]['default'] extends null ? null : never)
}

/** One setting that can't be used. `given` is safe to show; it is null where the value is a secret. */
export interface BadSetting {
  name: SettingName
  given: string | null
  expected: string
}

/** Every bad setting at once; its message is a line for each. */
export class ConfigError extends Error {
  readonly bad: readonly BadSetting[]

  constructor(bad: readonly BadSetting[]) {
    const lines = bad.map(
      ({ name, given, expected }) => `  ${name}: ${given ?? 'a secret'} was given, expected ${expected}`,
    )
    super(`${bad.length === 1 ? 'A setting' : `${bad.length} settings`} can not be used:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
    this.bad = bad
  }
}

/** Reads the environment. An empty value counts as not given, since Compose passes those. Throws ConfigError. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const bad: BadSetting[] = []
  const complain = (setting: Settings[keyof Settings], expected: string) => {
    const secret = 'secret' in setting && setting.secret
    bad.push({
      name: setting.env,
      given: secret ? null : showValue(env[setting.env] ?? setting.default ?? ''),
      expected,
    })
  }

  const values: Record<string, unknown> = {}
  for (const [field, setting] of Object.entries(settings)) {
    const text = env[setting.env]?.trim() || setting.default
    if (text === null) {
      values[field] = null
      continue
    }
    const parsed = (setting as Setting).schema.safeParse(text)
    if (parsed.success) values[field] = parsed.data
    else complain(setting, (setting as Setting).schema.description ?? 'something else')
  }
  // Fields of bad settings are missing here: what compares two of them has to bear that.
  const config = values as Config

  if (config.heartbeatTimeoutSeconds <= config.heartbeatIntervalSeconds) {
    complain(settings.heartbeatTimeoutSeconds, 'more than HEARTBEAT_INTERVAL')
  }
  if (config.sessionTokenSeconds <= config.heartbeatTimeoutSeconds) {
    complain(settings.sessionTokenSeconds, 'more than HEARTBEAT_TIMEOUT')
  }
  if (config.metricsPort && config.metricsPort === config.port) {
    complain(settings.metricsPort, 'another port than PORT')
  }
  if (config.webrtcPort + (config.mediasoupWorkers ?? 1) - 1 > 65535) {
    complain(settings.webrtcPort, 'room for a port for each of MEDIASOUP_WORKERS below 65536')
  }
  const { ffmpegPorts, mediasoupPorts } = config
  if (ffmpegPorts && mediasoupPorts && ffmpegPorts.min <= mediasoupPorts.max && mediasoupPorts.min <= ffmpegPorts.max) {
    complain(settings.mediasoupPorts, 'ports that are not in FFMPEG_PORT_RANGE')
  }
  if (bad.length > 0) throw new ConfigError(bad)
  return Object.freeze(config)
}

/** A value as an error may show it: quoted, short, without credentials. */
function showValue(text: string): string {
  const safe = redact(text)
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe)
}
