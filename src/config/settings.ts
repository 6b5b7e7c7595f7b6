import type { z } from 'zod'
import * as value from './values.ts'

/** One setting of the environment. Everything that is said or checked about it comes from here. */
export interface Setting {
  /** Its name in the environment. */
  env: string
  group: string
  /** As it would be written in the environment, or null where there is none. */
  default: string | null
  /** What happens where it is not set and has no default. */
  unset?: string
  /** Its value is shown nowhere. */
  secret?: true
  meaning: string
  schema: z.ZodType<unknown, string>
}

/** The one table of settings, keyed by the field of Config that each fills. */
export const settings = {
  port: {
    env: 'PORT',
    group: 'Server',
    default: '8080',
    meaning: 'Port of the API, the page and playback.',
    schema: value.port,
  },
  host: {
    env: 'HOST',
    group: 'Server',
    default: '127.0.0.1',
    meaning: 'Address to listen on; 0.0.0.0 for every one of IPv4, :: for every one.',
    schema: value.address,
  },
  publicUrl: {
    env: 'PUBLIC_URL',
    group: 'Server',
    default: null,
    unset: 'what the request names',
    meaning: 'Where people reach the server from outside, for the links that it gives.',
    schema: value.origin,
  },
  nodeName: {
    env: 'NODE_NAME',
    group: 'Server',
    default: null,
    unset: "the machine's name",
    meaning: 'Name of this node among others on the same database.',
    schema: value.name,
  },
  nodeUrl: {
    env: 'NODE_URL',
    group: 'Server',
    default: null,
    unset: "HOST (the machine's name where that is every address) and PORT",
    meaning: 'Where the other nodes on the same database reach this one.',
    schema: value.origin,
  },
  environment: {
    env: 'NODE_ENV',
    group: 'Server',
    default: 'development',
    meaning: 'GraphiQL is served in development only.',
    schema: value.word('development', 'production', 'test'),
  },

  dataDir: {
    env: 'DATA_DIR',
    group: 'Storage',
    default: './data',
    meaning: 'Folder of the embedded database and the live segments.',
    schema: value.path,
  },
  mediaDir: {
    env: 'MEDIA_DIR',
    group: 'Storage',
    default: './media',
    meaning: 'Folder below which the files of FILE sources lie.',
    schema: value.path,
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    group: 'Storage',
    default: null,
    unset: 'the embedded database in DATA_DIR',
    secret: true,
    meaning: 'PostgreSQL to use instead of the embedded database.',
    schema: value.url('postgres', 'postgresql'),
  },
  redisUrl: {
    env: 'REDIS_URL',
    group: 'Storage',
    default: null,
    unset: 'no Redis; one process needs none, several use PostgreSQL',
    secret: true,
    meaning: 'Redis or Valkey for wake-ups and live figures between nodes.',
    schema: value.url('redis', 'rediss'),
  },

  adminKey: {
    env: 'ADMIN_KEY',
    group: 'Access',
    default: null,
    unset: 'made at the first start and printed once',
    secret: true,
    meaning: 'The first admin key.',
    schema: value.key,
  },
  publicHealth: {
    env: 'PUBLIC_HEALTH',
    group: 'Access',
    default: 'true',
    meaning: 'Health can be read without a key (no source URLs, addresses or details).',
    schema: value.flag,
  },
  publicPlayback: {
    env: 'PUBLIC_PLAYBACK',
    group: 'Access',
    default: 'true',
    meaning: 'Pictures can be seen by WHEP and HLS without a key.',
    schema: value.flag,
  },
  demo: {
    env: 'DEMO',
    group: 'Access',
    default: 'true',
    meaning: 'With an empty database, make a stream with a test picture and start it.',
    schema: value.flag,
  },

  webrtcPort: {
    env: 'WEBRTC_PORT',
    group: 'WebRTC',
    default: '40000',
    meaning: 'UDP and TCP port of the first mediasoup worker; each further one takes the next.',
    schema: value.port,
  },
  webrtcListenIp: {
    env: 'WEBRTC_LISTEN_IP',
    group: 'WebRTC',
    default: null,
    unset: 'every address',
    meaning: 'Address that WebRTC listens on.',
    schema: value.ipAddress,
  },
  webrtcAnnouncedAddresses: {
    env: 'WEBRTC_ANNOUNCED_ADDRESS',
    group: 'WebRTC',
    default: null,
    unset: "every address of the machine's own",
    meaning: 'Addresses, separated by commas, under which players reach WebRTC: needed behind NAT and in containers.',
    schema: value.addresses,
  },
  mediasoupWorkers: {
    env: 'MEDIASOUP_WORKERS',
    group: 'WebRTC',
    default: null,
    unset: 'one for each core',
    meaning: 'Number of mediasoup workers.',
    schema: value.wholeNumber(1, 256),
  },

  mediasoupPorts: {
    env: 'MEDIASOUP_PORT_RANGE',
    group: 'WebRTC',
    default: '26000-31999',
    meaning: "UDP ports of 127.0.0.1 on which mediasoup receives from FFmpeg; best below the system's ephemeral ones.",
    schema: value.portRange,
  },
  mediasoupWorkerBin: {
    env: 'MEDIASOUP_WORKER_BIN',
    group: 'WebRTC',
    default: null,
    unset: 'the one that set-up found or built',
    meaning: "The mediasoup worker's program.",
    schema: value.path,
  },

  ffmpegPath: {
    env: 'FFMPEG_PATH',
    group: 'Streams',
    default: 'ffmpeg',
    meaning: 'The FFmpeg to run.',
    schema: value.path,
  },
  ffprobePath: {
    env: 'FFPROBE_PATH',
    group: 'Streams',
    default: 'ffprobe',
    meaning: 'The ffprobe to run.',
    schema: value.path,
  },
  ffmpegPorts: {
    env: 'FFMPEG_PORT_RANGE',
    group: 'Streams',
    default: '20000-25999',
    meaning: "UDP ports of 127.0.0.1 from which FFmpeg sends, four a stream; best below the system's ephemeral ones.",
    schema: value.portRange,
  },
  ffmpegCheckIntervalSeconds: {
    env: 'FFMPEG_CHECK_INTERVAL',
    group: 'Streams',
    default: '1s',
    meaning: 'How often each running FFmpeg is measured.',
    schema: value.seconds(0.1, 60),
  },
  streamFreezeTimeoutSeconds: {
    env: 'STREAM_FREEZE_TIMEOUT',
    group: 'Streams',
    default: '5s',
    meaning: 'A stream whose media stands still for so long has failed and is started anew.',
    schema: value.seconds(1, 3600),
  },
  segmentSeconds: {
    env: 'SEGMENT_SECONDS',
    group: 'Streams',
    default: '2s',
    meaning: 'Shortest length of an HLS segment; it ends with the next keyframe after that.',
    schema: value.seconds(0.5, 30),
  },
  maxStreams: {
    env: 'MAX_STREAMS',
    group: 'Streams',
    default: '1000',
    meaning: 'How many streams this node runs at once; more are refused with CAPACITY_EXCEEDED.',
    schema: value.wholeNumber(1, 100_000),
  },

  enableAutoRecovery: {
    env: 'ENABLE_AUTO_RECOVERY',
    group: 'Health and recovery',
    default: 'true',
    meaning: 'What fails is started anew; false only tells of it.',
    schema: value.flag,
  },
  maxRestartAttempts: {
    env: 'MAX_RESTART_ATTEMPTS',
    group: 'Health and recovery',
    default: '3',
    meaning: 'Failures in a row after which a stream escalates and goes on slowly.',
    schema: value.wholeNumber(1, 1000),
  },
  restartCooldownSeconds: {
    env: 'RESTART_COOLDOWN',
    group: 'Health and recovery',
    default: '60s',
    meaning: 'After that it is tried once in so long.',
    schema: value.seconds(1, 86_400),
  },
  sourceRetrySeconds: {
    env: 'AUDIO_STREAM_RETRY_INTERVAL',
    group: 'Health and recovery',
    default: '30s',
    meaning: 'A source that is away is asked again so often.',
    schema: value.seconds(1, 86_400),
  },
  sourceMaxRetries: {
    env: 'AUDIO_STREAM_MAX_RETRIES',
    group: 'Health and recovery',
    default: '20',
    meaning: 'So many times, and then as slowly as a stream that escalated.',
    schema: value.wholeNumber(0, 1_000_000),
  },
  cpuThresholdPercent: {
    env: 'CPU_THRESHOLD_PERCENT',
    group: 'Health and recovery',
    default: '90',
    meaning: 'CPU_HIGH: FFmpeg takes more of the cores that it may use.',
    schema: value.percent,
  },
  memoryThresholdMb: {
    env: 'MEMORY_THRESHOLD_MB',
    group: 'Health and recovery',
    default: '2048',
    meaning: 'MEMORY_HIGH: FFmpeg takes more memory, in MB of 1024 × 1024 bytes.',
    schema: value.wholeNumber(1, 1_048_576),
  },
  bitrateDropPercent: {
    env: 'BITRATE_DROP_THRESHOLD_PERCENT',
    group: 'Health and recovery',
    default: '50',
    meaning: 'BITRATE_DROP: so much less than its running average.',
    schema: value.percent,
  },
  frameRatePercent: {
    env: 'FRAME_RATE_THRESHOLD_PERCENT',
    group: 'Health and recovery',
    default: '60',
    meaning: 'FRAME_RATE_LOW: less than this share of the frame rate that the source is known for.',
    schema: value.percent,
  },
  keyframeThresholdSeconds: {
    env: 'KEYFRAME_INTERVAL_THRESHOLD',
    group: 'Health and recovery',
    default: '8s',
    meaning: 'KEYFRAME_INTERVAL_LONG: keyframes farther apart.',
    schema: value.seconds(0.5, 3600),
  },
  packetLossPercent: {
    env: 'PACKET_LOSS_THRESHOLD_PERCENT',
    group: 'Health and recovery',
    default: '2',
    meaning: 'PACKET_LOSS: more of the packets are lost.',
    schema: value.percent,
  },
  jitterThresholdMs: {
    env: 'JITTER_THRESHOLD_MS',
    group: 'Health and recovery',
    default: '100',
    meaning: 'JITTER_HIGH: packets arrive more unevenly, in ms.',
    schema: value.wholeNumber(1, 60_000),
  },
  speedThreshold: {
    env: 'SPEED_THRESHOLD',
    group: 'Health and recovery',
    default: '0.95',
    meaning: 'SPEED_LOW: FFmpeg works at less than this of real time.',
    schema: value.ratio,
  },
  healthCheckIntervalSeconds: {
    env: 'HEALTH_CHECK_INTERVAL',
    group: 'Health and recovery',
    default: '5s',
    meaning: 'How often the components of a node are checked.',
    schema: value.seconds(1, 3600),
  },
  healthCheckTimeoutSeconds: {
    env: 'HEALTH_CHECK_TIMEOUT',
    group: 'Health and recovery',
    default: '10s',
    meaning: 'How long one check may take.',
    schema: value.seconds(0.5, 60),
  },
  healthCheckCacheSeconds: {
    env: 'HEALTH_CHECK_CACHE_DURATION',
    group: 'Health and recovery',
    default: '60s',
    meaning: 'How long the answer of a costly check is kept.',
    schema: value.seconds(1, 3600),
  },
  externalChecks: {
    env: 'EXTERNAL_CHECKS',
    group: 'Health and recovery',
    default: null,
    unset: 'none',
    secret: true,
    meaning:
      'What is checked beside the own components, as name=url separated by commas: http and https (2xx or 3xx), tcp://host:port, rtmp and rtmps.',
    schema: value.externalChecks,
  },
  azuracastUrl: {
    env: 'AZURACAST_URL',
    group: 'Health and recovery',
    default: null,
    unset: 'none',
    secret: true,
    meaning: 'An AzuraCast to check, by its /api/status.',
    schema: value.url('http', 'https'),
  },
  azuracastApiKey: {
    env: 'AZURACAST_API_KEY',
    group: 'Health and recovery',
    default: null,
    unset: 'none is sent',
    secret: true,
    meaning: 'Its API key, sent as X-API-Key.',
    schema: value.key,
  },
  rtmpEndpoint: {
    env: 'RTMP_ENDPOINT',
    group: 'Health and recovery',
    default: null,
    unset: 'none',
    secret: true,
    meaning: 'An RTMP server to check, by its handshake.',
    schema: value.url('rtmp', 'rtmps'),
  },

  logLevel: {
    env: 'LOG_LEVEL',
    group: 'Logs and metrics',
    default: 'info',
    meaning: 'The least important lines that are still written.',
    schema: value.logLevel,
  },
  logFormat: {
    env: 'LOG_FORMAT',
    group: 'Logs and metrics',
    default: 'auto',
    meaning: 'auto is pretty on a terminal and JSON lines elsewhere.',
    schema: value.word('auto', 'json', 'pretty'),
  },
  metricsPort: {
    env: 'METRICS_PORT',
    group: 'Logs and metrics',
    default: null,
    unset: 'served on PORT',
    meaning: 'Serve the metrics on a port of their own, and only there.',
    schema: value.port,
  },
  metricsPath: {
    env: 'METRICS_PATH',
    group: 'Logs and metrics',
    default: '/metrics',
    meaning: 'Where Prometheus scrapes; /v2/metrics answers too.',
    schema: value.route,
  },
} as const satisfies Record<string, Setting>

export type Settings = typeof settings
export type SettingName = Settings[keyof Settings]['env']
