import type { Settings } from '../config/settings.ts'
import type { StreamPolicy } from '../streams/policy.ts'
import type { HealthIssueType } from './model.ts'
import { rules } from './rules/index.ts'
import type { Rule } from './rules/rule.ts'

/** What people read about an issue. */
export interface Meaning {
  meaning: string
  /** The members of a stream's recovery policy that set its threshold. */
  thresholds: (keyof StreamPolicy)[]
  raised: string
  cleared: string
  severity: string
  todo: string
}

const limits = (type: HealthIssueType): Pick<Rule, 'raiseAfterMs' | 'clearAfterMs'> =>
  rules.find((rule) => rule.type === type)!
const raisedAfter = (type: HealthIssueType) => `for ${limits(type).raiseAfterMs / 1000} s`
const clearedAfter = (type: HealthIssueType) => `for ${limits(type).clearAfterMs / 1000} s`

/** Every issue, in the order of the published list; docs/health.md is made from it. */
export const meanings: Record<HealthIssueType, Meaning> = {
  PROCESS_DOWN: {
    meaning: 'FFmpeg ended, or could not be kept: killed, out of memory, no room for data, the mediasoup worker died.',
    thresholds: [],
    raised: 'At once, with the state RECOVERING or ERROR.',
    cleared: 'When media is measured again.',
    severity: 'CRITICAL',
    todo: 'Read `process.lastExit` (cause and last log lines). It is started again by itself; where it keeps ending, look at memory, disk and the machine.',
  },
  NO_MEDIA: {
    meaning:
      'FFmpeg runs and no packet comes, of any track. With a track: FFmpeg sends it and nothing arrives at mediasoup.',
    thresholds: ['freezeSeconds'],
    raised: 'Within `freezeSeconds` after the last packet.',
    cleared: 'When media is measured again; with a track: when it has flowed for 3 s.',
    severity: 'CRITICAL',
    todo: 'Look whether the source itself shows a picture, and at the network between. With a track: look at the load of this machine.',
  },
  SOURCE_LOST: {
    meaning:
      'The source is away or refuses: the cause says which (password, path, name, connection, time, encryption).',
    thresholds: [],
    raised: 'At once, with the state RECOVERING or ERROR.',
    cleared: 'When media is measured again.',
    severity: 'CRITICAL',
    todo: 'Act on the cause: `stateReason` says it in a sentence. It is asked again by itself.',
  },
  VIDEO_FROZEN: {
    meaning: 'No video packet comes while audio goes on.',
    thresholds: ['freezeSeconds'],
    raised:
      'Within `freezeSeconds` after the last packet; for HLS and HTTP that come in bursts twice the time between bursts, for a camera with a frame every few seconds twice that. A track that has not begun gets 10 s more.',
    cleared: `When it has flowed ${clearedAfter('VIDEO_FROZEN')}.`,
    severity: 'CRITICAL',
    todo: 'Restart the camera or the encoder; look whether it still sends video to others.',
  },
  AUDIO_FROZEN: {
    meaning: 'No audio packet comes while video goes on. Silence is no freeze: it is sent.',
    thresholds: ['freezeSeconds'],
    raised: 'As VIDEO_FROZEN.',
    cleared: `When it has flowed ${clearedAfter('AUDIO_FROZEN')}.`,
    severity: 'ERROR',
    todo: 'Look at the microphone and the audio settings of the source. Where audio is not wanted, close its producer.',
  },
  PICTURE_STILL: {
    meaning:
      'Packets come, and the picture is the same, apart from its noise; a clock in it that goes is a change. Watched only where a stream asks for it (`pictureStill`): a title card is good video. Keyframes alone are decoded and compared, by a small FFmpeg of its own: at 1080p and 4 Mbit/s 0.7 % of a core with a keyframe a second, 0.4 % with one in two seconds, and 62 MB.',
    thresholds: ['pictureStill', 'freezeSeconds'],
    raised: 'When it has not changed for `freezeSeconds`: seen within two groups of pictures and 5 s.',
    cleared: `When it has moved ${clearedAfter('PICTURE_STILL')}.`,
    severity: 'WARNING',
    todo: 'Look at the picture. A source that hangs often repeats its last one.',
  },
  BITRATE_DROP: {
    meaning:
      'Video brings much less than its running average (60 s) at this frame rate, over two whole groups of pictures; audio many packets less than its average. A source whose bitrate varies by its nature has to fall further than it does by itself.',
    thresholds: ['bitrateDropPercent'],
    raised: `When it has been so ${raisedAfter('BITRATE_DROP')}, once the average has been learnt for 20 s. Not for audio coders that send nothing while it is silent.`,
    cleared: `When less than 60 % of the threshold is missing ${clearedAfter('BITRATE_DROP')}; after some 15 minutes the new bitrate is the average.`,
    severity: 'WARNING',
    todo: 'Look at the network of the source, and whether its encoder was set up anew. A very quiet picture after a lively one does it too: raise `bitrateDropPercent` for such a stream.',
  },
  FRAME_RATE_LOW: {
    meaning:
      'Video brings fewer frames a second than the source declares, where it has been seen to keep to that, else than its own average.',
    thresholds: ['frameRatePercent'],
    raised: `When it has been so ${raisedAfter('FRAME_RATE_LOW')}.`,
    cleared: `When it is 1.25 times the threshold ${clearedAfter('FRAME_RATE_LOW')}.`,
    severity: 'WARNING; ERROR below 10 %',
    todo: 'Look at the light (cameras slow down in the dark), the load of the source, and its network.',
  },
  KEYFRAME_INTERVAL_LONG: {
    meaning: 'Keyframes are far apart, or none has come for so long: who begins to watch waits for one.',
    thresholds: ['keyframeSeconds'],
    raised: 'With the first interval, also while it is still open.',
    cleared: `When intervals are below 90 % of the threshold ${clearedAfter('KEYFRAME_INTERVAL_LONG')}.`,
    severity: 'INFO; WARNING from twice the threshold on',
    todo: 'Set the keyframe interval (GOP, I-frame interval) of the source to 1 to 4 s.',
  },
  PACKET_LOSS: {
    meaning:
      'Packets between FFmpeg and mediasoup are lost, over 10 s. What is lost before FFmpeg is not counted here.',
    thresholds: ['packetLossPercent'],
    raised: `When it has been so ${raisedAfter('PACKET_LOSS')}, of at least 50 packets.`,
    cleared: `When it is below half the threshold ${clearedAfter('PACKET_LOSS')}.`,
    severity: 'WARNING; ERROR above 10 %',
    todo: 'The machine is overloaded, or its UDP buffers are too small (`net.core.rmem_max`).',
  },
  JITTER_HIGH: {
    meaning: "Packets arrive at mediasoup away from their time, by its estimate (RFC 3550's).",
    thresholds: ['jitterMs'],
    raised: `When it has been so ${raisedAfter('JITTER_HIGH')}.`,
    cleared: `When it is below 70 % of the threshold ${clearedAfter('JITTER_HIGH')}.`,
    severity: 'WARNING',
    todo: "Look at the network of the source (radio links) and at this machine's CPU.",
  },
  SPEED_LOW: {
    meaning:
      'The times in the packets go slower than the clock, over 20 s: what is watched lags behind more and more. Not of files.',
    thresholds: ['speed'],
    raised: `When it has been so ${raisedAfter('SPEED_LOW')}.`,
    cleared: `When it is 0.02 above the threshold ${clearedAfter('SPEED_LOW')}.`,
    severity: 'WARNING; ERROR below 0.5',
    todo: "Look at this machine's CPU where the stream is encoded anew, else at the network of the source.",
  },
  CPU_HIGH: {
    meaning: 'FFmpeg takes nearly all of the cores that it may use.',
    thresholds: ['cpuPercent'],
    raised: `When it has been so ${raisedAfter('CPU_HIGH')}.`,
    cleared: `When it is below 90 % of the threshold ${clearedAfter('CPU_HIGH')}.`,
    severity: 'WARNING',
    todo: 'Let the source send H.264 without B-frames, which is passed on as it is; lower its size or frame rate; move streams to another node.',
  },
  MEMORY_HIGH: {
    meaning: 'FFmpeg holds much memory.',
    thresholds: ['memoryBytes'],
    raised: `When it has been so ${raisedAfter('MEMORY_HIGH')}.`,
    cleared: `When it is below 95 % of the threshold ${clearedAfter('MEMORY_HIGH')}.`,
    severity: 'WARNING; ERROR from 1.5 times the threshold on',
    todo: 'Restart the stream. Where it comes again, keep the log of FFmpeg and tell us the source.',
  },
  RESTARTING_OFTEN: {
    meaning:
      'It was live and had to be started again more than 3 times in 10 minutes. Attempts at a source that is away do not count.',
    thresholds: [],
    raised: 'With the fourth.',
    cleared: 'When there were fewer than 3 in the last 10 minutes.',
    severity: 'WARNING',
    todo: 'Read `recoveryAttempts`: each has its cause and the last lines of FFmpeg.',
  },
}

/** The setting that each threshold comes from where a stream sets nothing for itself; null: streams alone set it. */
export const settingOf: Partial<Record<keyof StreamPolicy, keyof Settings | null>> = {
  freezeSeconds: 'streamFreezeTimeoutSeconds',
  bitrateDropPercent: 'bitrateDropPercent',
  cpuPercent: 'cpuThresholdPercent',
  memoryBytes: 'memoryThresholdMb',
  frameRatePercent: 'frameRatePercent',
  keyframeSeconds: 'keyframeThresholdSeconds',
  packetLossPercent: 'packetLossPercent',
  jitterMs: 'jitterThresholdMs',
  speed: 'speedThreshold',
  pictureStill: null,
}
