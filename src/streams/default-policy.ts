import type { Config } from '../config.ts'
import type { StreamPolicy } from './policy.ts'

/** What the environment sets for every stream that does not set it for itself. */
export function defaultPolicy(config: Config): StreamPolicy {
  return {
    enabled: config.enableAutoRecovery,
    maxAttempts: config.maxRestartAttempts,
    cooldownSeconds: config.restartCooldownSeconds,
    sourceRetrySeconds: config.sourceRetrySeconds,
    sourceMaxRetries: config.sourceMaxRetries,
    freezeSeconds: config.streamFreezeTimeoutSeconds,
    bitrateDropPercent: config.bitrateDropPercent,
    cpuPercent: config.cpuThresholdPercent,
    memoryBytes: config.memoryThresholdMb * 1024 * 1024,
    frameRatePercent: config.frameRatePercent,
    keyframeSeconds: config.keyframeThresholdSeconds,
    packetLossPercent: config.packetLossPercent,
    jitterMs: config.jitterThresholdMs,
    speed: config.speedThreshold,
    pictureStill: false,
  }
}
