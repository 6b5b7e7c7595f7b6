import { settings } from '../src/config/settings.ts'
import { readConfig } from '../src/config.ts'
import { logLines } from '../src/recovery/attempt-log.ts'
import { decide, laneOf, noHistory, progressResetsMs, type RecoveryLane } from '../src/recovery/policy.ts'
import { keptPerStream } from '../src/recovery/retention.ts'
import { startsPerSecond } from '../src/recovery/start-bucket.ts'
import { causeTexts } from '../src/streams/causes.ts'
import { defaultPolicy } from '../src/streams/default-policy.ts'
import { type FailureCause, failureCauses } from '../src/streams/model.ts'

const lanes: Record<RecoveryLane, string> = {
  PROCESS: 'What failed is on our side, or nobody knows: a new FFmpeg may mend it.',
  SOURCE: 'The other side does not give what it should: a new FFmpeg only asks again.',
  CREDENTIALS: 'Asking again does harm: cameras lock an account after a few wrong passwords.',
}

const policySettings = [
  'enableAutoRecovery',
  'maxRestartAttempts',
  'restartCooldownSeconds',
  'sourceRetrySeconds',
  'sourceMaxRetries',
  'streamFreezeTimeoutSeconds',
] as const

/** docs/recovery.md: what is listed in it is asked of the policy itself. */
export function recoveryPage(): string {
  const laneRows = Object.entries(lanes).map(([lane, meaning]) => {
    return `| ${lane} | ${meaning} | ${waits(lane as RecoveryLane)} |`
  })
  const causeRows = failureCauses.map((cause) => `| \`${cause}\` | ${laneOf[cause]} | ${causeTexts[cause]} |`)
  const settingRows = policySettings.map((name) => {
    const { env, default: preset, meaning } = settings[name]
    return `| \`${env}\` | \`${preset}\` | ${meaning} |`
  })
  return `# Recovery

Made by \`npm run docs\` from \`src/recovery/\`, \`src/streams/causes.ts\` and \`src/config/settings.ts\`: change it there.

A stream that is ordered to run and fails is tried again, for ever: a camera that comes back next week is live again by itself.
Its cause decides the lane, and the lane how long it waits. Failures in a row are counted by lane; ${progressResetsMs / 1000} s of media end the row.

| lane | why | waits after each failure of a row, in seconds, as the settings are at first |
| --- | --- | --- |
${laneRows.join('\n')}

Where two numbers stand, chance decides between them, so that many streams that failed together do not come back together. **Bold** is
where it escalates: once a row, by the event \`stream.recovery_escalated\`. From there on it goes on slowly, in all lanes.

| cause | lane | meaning |
| --- | --- | --- |
${causeRows.join('\n')}

- What has failed, and what a node finds at its start, is started at a pace of less than ${startsPerSecond} FFmpeg and ffprobe in a second. What a user
  orders waits for no pace, but no more than ${startsPerSecond} FFmpeg of a node are ever started in one second.
- A refused password holds for the next owner as well: neither a node that takes over nor a server that starts again asks sooner.
- A file that has been played to its end has not failed.
- A track that stands still alone, while the other flows: the source is asked for it, beside the FFmpeg that runs. Only where it
  gives that track is FFmpeg replaced, so that a camera whose sound was switched off keeps its picture. That is done once, and again
  only after the track has flowed for ${progressResetsMs / 1000} s. The stream stays LIVE, and its health tells. Files are left alone:
  one of their tracks may end before the other.
- HLS and HTTP come in bursts: they stand still only after twice the longest silence that was seen of them.
- When the process or its whole machine stood still (more than a second), every deadline is counted anew from the end of that.
  A database that does not answer restarts nothing: what is to be written waits, in order and with its own times.

## Settings

For the whole server; a stream sets its own by \`recovery\` in createStream and updateStream, which restarts nothing.

| setting | at first | meaning |
| --- | --- | --- |
${settingRows.join('\n')}

\`ENABLE_AUTO_RECOVERY=false\`, or \`recovery: { enabled: false }\` for one stream: what has failed is ended and told (state ERROR with its cause, an
attempt with the action NONE) and waits for an order. A node that starts, or takes streams over from another, starts them.

## What is told of it

Every failure is a row in \`recoveryAttempts\`: cause, evidence, action, outcome, downtime and the last ${logLines} lines of FFmpeg's log, without
credentials; kept for 30 days, the newest ${keptPerStream} of each stream. Keys with READ see them.

| action | when |
| --- | --- |
| \`RESTART\` | lane PROCESS: another FFmpeg is started |
| \`RETRY_SOURCE\` | lanes SOURCE and CREDENTIALS: the source is asked again |
| \`ESCALATE\` | as the one or the other, but so many have failed that somebody should look |
| \`NONE\` | recovery is off |

| outcome | when |
| --- | --- |
| null | not decided yet |
| \`RECOVERED\` | media flows again; \`downtimeSeconds\` is from the last media before its row of failures |
| \`FAILED\` | the next failure came before any media, or the node that tried is gone |
| \`SUPERSEDED\` | an order to start, restart, stop or delete came in between |
`
}

/** The waits of the first failures of a lane, until the same come again and again. */
function waits(lane: RecoveryLane): string {
  const policy = defaultPolicy(readConfig({}))
  const cause = failureCauses.find((it: FailureCause) => laneOf[it] === lane)!
  let history = noHistory
  const told: string[] = []
  let escalatedAt: number | null = null
  for (let failure = 1; escalatedAt === null || failure <= escalatedAt + 2; failure++) {
    const [least, most] = [0, 1].map((random) => decide(cause, history, policy, random))
    const [from, to] = [least!.delayMs!, most!.delayMs!].map((ms) => ms / 1000).sort((a, b) => a - b)
    const range = from === to ? `${from}` : `${from}–${to}`
    if (least!.action === 'ESCALATE') escalatedAt = failure
    told.push(least!.action === 'ESCALATE' ? `**${range}**` : range)
    history = least!.history
  }
  return `${shortened(told).join(', ')} …`
}

/** The same several times over is said once, with how often. */
function shortened(told: readonly string[]): string[] {
  const runs: { text: string; times: number }[] = []
  for (const text of told) {
    if (runs.at(-1)?.text === text) runs.at(-1)!.times += 1
    else runs.push({ text, times: 1 })
  }
  return runs.map(({ text, times }) => (times > 1 ? `${times} × ${text}` : text))
}
