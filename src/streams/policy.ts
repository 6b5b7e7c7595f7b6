import { z } from 'zod'
import { badInput } from '../errors.ts'

/**
 * How a stream is watched and mended: each member is a setting of the whole server that a stream may set for itself.
 * Seconds, percent (0 to 100; CPU 100 is all cores that FFmpeg may use) and bytes, as the names say.
 */
export interface StreamPolicy {
  /** False: what fails is told, and nothing is restarted. */
  enabled: boolean
  /** Failures in a row after which it escalates and goes on once a cool-down. */
  maxAttempts: number
  cooldownSeconds: number
  /** A source that is away is asked again so often, */
  sourceRetrySeconds: number
  /** so many times, and then once a cool-down of the slow lane. */
  sourceMaxRetries: number
  /** A track without packets for so long has frozen. */
  freezeSeconds: number
  bitrateDropPercent: number
  cpuPercent: number
  memoryBytes: number
  /** Below this share of the frame rate that the source is known for. */
  frameRatePercent: number
  keyframeSeconds: number
  packetLossPercent: number
  jitterMs: number
  /** Of FFmpeg against the clock: 1 is real time. */
  speed: number
  /** Whether a picture that does not change is an issue. */
  pictureStill: boolean
}

const seconds = z.number().min(1).max(86_400)
const percent = z.number().min(0.01).max(100)

const members = {
  enabled: z.boolean(),
  maxAttempts: z.int().min(1).max(1000),
  cooldownSeconds: seconds,
  sourceRetrySeconds: seconds,
  sourceMaxRetries: z.int().min(0).max(1_000_000),
  freezeSeconds: z.number().min(1).max(3600),
  bitrateDropPercent: percent,
  cpuPercent: percent,
  memoryBytes: z
    .int()
    .min(1_048_576)
    .max(2 ** 50),
  frameRatePercent: percent,
  keyframeSeconds: z.number().min(0.5).max(3600),
  packetLossPercent: percent,
  jitterMs: z.number().min(1).max(60_000),
  speed: z.number().min(0.01).max(10),
  pictureStill: z.boolean(),
} satisfies Record<keyof StreamPolicy, z.ZodType>

/** What a stream sets for itself; the rest is the server's. */
export type StreamPolicyOverrides = Partial<StreamPolicy>

/** As it is asked for: absent keeps, null goes back to the server's own. */
export type StreamPolicyInput = { [K in keyof StreamPolicy]?: StreamPolicy[K] | null | undefined }

/** What the overrides become. Throws BAD_USER_INPUT with every member that is out of its bounds. */
export function changePolicy(
  before: StreamPolicyOverrides,
  input: StreamPolicyInput | null | undefined,
  path: string,
): StreamPolicyOverrides {
  if (input === null) return {}
  const after: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(input ?? {})) {
    if (value === undefined) continue
    const schema = members[name as keyof StreamPolicy]
    if (value === null) delete after[name]
    else {
      const parsed = schema.safeParse(value)
      if (!parsed.success) throw badInput(`${path}.${name}`, parsed.error.issues[0]!.message)
      after[name] = parsed.data
    }
  }
  return after as StreamPolicyOverrides
}

export function policyOf(defaults: StreamPolicy, overrides: StreamPolicyOverrides): StreamPolicy {
  return { ...defaults, ...overrides }
}
