import { builder } from './builder.ts'
import { RtspTransport, SourceKind } from './enums.ts'
import { RecoveryPolicyInput } from './recovery-policy.ts'

const UrlSourceInput = builder.inputType('UrlSourceInput', {
  fields: (t) => ({
    url: t.field({ type: 'URL', required: true, description: 'rtsp, rtsps, rtmp, rtmps, http, https or srt.' }),
    kind: t.field({ type: SourceKind, description: 'RTSP, RTMP, HLS, HTTP or SRT, where the URL does not tell.' }),
    rtspTransport: t.field({ type: RtspTransport, description: 'TCP unless asked otherwise.' }),
  }),
})

const FileSourceInput = builder.inputType('FileSourceInput', {
  fields: (t) => ({
    path: t.string({ required: true, description: 'Below MEDIA_DIR.' }),
    loop: t.boolean({ required: true, defaultValue: true }),
  }),
})

const TestPatternInput = builder.inputType('TestPatternInput', {
  fields: (t) => ({
    width: t.int({ required: true, defaultValue: 1280 }),
    height: t.int({ required: true, defaultValue: 720 }),
    fps: t.int({ required: true, defaultValue: 25 }),
    tone: t.boolean({ required: true, defaultValue: true }),
  }),
})

export const StreamSourceInput = builder.inputType('StreamSourceInput', {
  description: 'Exactly one of them.',
  isOneOf: true,
  fields: (t) => ({
    url: t.field({ type: UrlSourceInput }),
    file: t.field({ type: FileSourceInput }),
    testPattern: t.field({ type: TestPatternInput }),
  }),
})

export const CreateStreamInput = builder.inputType('CreateStreamInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    source: t.field({ type: StreamSourceInput, required: true }),
    labels: t.field({ type: 'JSON', description: 'An object of strings.' }),
    maxConsumers: t.int(),
    onDemand: t.boolean({
      required: true,
      defaultValue: false,
      description: 'It starts with its first session, and stops when the last has been gone for a while.',
    }),
    recovery: t.field({ type: RecoveryPolicyInput }),
    start: t.boolean({ required: true, defaultValue: false, description: 'Start it at once.' }),
  }),
})

export const UpdateStreamInput = builder.inputType('UpdateStreamInput', {
  description: 'Absent keeps, null resets.',
  fields: (t) => ({
    name: t.string(),
    source: t.field({ type: StreamSourceInput }),
    labels: t.field({ type: 'JSON' }),
    maxConsumers: t.int(),
    onDemand: t.boolean(),
    recovery: t.field({ type: RecoveryPolicyInput }),
  }),
})
