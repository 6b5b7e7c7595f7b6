import type { StreamPolicy } from '../src/streams/policy.ts'
import { builder } from './builder.ts'

const meanings = {
  enabled: 'False: what fails is told, and nothing is restarted.',
  maxAttempts: 'Failures in a row after which it escalates and goes on once a cool-down.',
  cooldownSeconds: 'Between attempts once it has escalated.',
  sourceRetrySeconds: 'A source that is away is asked again so often.',
  sourceMaxRetries: 'So many times; then as slowly as a stream that has escalated.',
  freezeSeconds: 'A track without packets for so long has frozen.',
  bitrateDropPercent: 'BITRATE_DROP: so much less than the running average.',
  cpuPercent: 'CPU_HIGH: of the cores that FFmpeg may use.',
  memoryBytes: 'MEMORY_HIGH.',
  frameRatePercent: 'FRAME_RATE_LOW: below this share of the known frame rate.',
  keyframeSeconds: 'KEYFRAME_INTERVAL_LONG.',
  packetLossPercent: 'PACKET_LOSS.',
  jitterMs: 'JITTER_HIGH.',
  speed: 'SPEED_LOW: FFmpeg against the clock, 1 is real time.',
  pictureStill: 'Whether a picture that does not change is an issue.',
} satisfies Record<keyof StreamPolicy, string>

export const RecoveryPolicy = builder.objectRef<StreamPolicy>('RecoveryPolicy').implement({
  description: 'How a stream is watched and mended: the settings of the server, and what the stream sets for itself.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { nullable: false, description: meanings.enabled }),
    maxAttempts: t.exposeInt('maxAttempts', { nullable: false, description: meanings.maxAttempts }),
    cooldownSeconds: t.exposeFloat('cooldownSeconds', { nullable: false, description: meanings.cooldownSeconds }),
    sourceRetrySeconds: t.exposeFloat('sourceRetrySeconds', {
      nullable: false,
      description: meanings.sourceRetrySeconds,
    }),
    sourceMaxRetries: t.exposeInt('sourceMaxRetries', { nullable: false, description: meanings.sourceMaxRetries }),
    freezeSeconds: t.exposeFloat('freezeSeconds', { nullable: false, description: meanings.freezeSeconds }),
    bitrateDropPercent: t.exposeFloat('bitrateDropPercent', {
      nullable: false,
      description: meanings.bitrateDropPercent,
    }),
    cpuPercent: t.exposeFloat('cpuPercent', { nullable: false, description: meanings.cpuPercent }),
    memoryBytes: t.expose('memoryBytes', { type: 'BigInt', nullable: false, description: meanings.memoryBytes }),
    frameRatePercent: t.exposeFloat('frameRatePercent', { nullable: false, description: meanings.frameRatePercent }),
    keyframeSeconds: t.exposeFloat('keyframeSeconds', { nullable: false, description: meanings.keyframeSeconds }),
    packetLossPercent: t.exposeFloat('packetLossPercent', {
      nullable: false,
      description: meanings.packetLossPercent,
    }),
    jitterMs: t.exposeFloat('jitterMs', { nullable: false, description: meanings.jitterMs }),
    speed: t.exposeFloat('speed', { nullable: false, description: meanings.speed }),
    pictureStill: t.exposeBoolean('pictureStill', { nullable: false, description: meanings.pictureStill }),
  }),
})

export const RecoveryPolicyInput = builder.inputType('RecoveryPolicyInput', {
  description: "Absent keeps, null goes back to the server's own setting.",
  fields: (t) => ({
    enabled: t.boolean(),
    maxAttempts: t.int(),
    cooldownSeconds: t.float(),
    sourceRetrySeconds: t.float(),
    sourceMaxRetries: t.int(),
    freezeSeconds: t.float(),
    bitrateDropPercent: t.float(),
    cpuPercent: t.float(),
    memoryBytes: t.field({ type: 'BigInt' }),
    frameRatePercent: t.float(),
    keyframeSeconds: t.float(),
    packetLossPercent: t.float(),
    jitterMs: t.float(),
    speed: t.float(),
    pictureStill: t.boolean(),
  }),
})
