import { type Setting, settings } from '../config/settings.ts'
import type { StreamPolicy } from '../streams/policy.ts'
import { staleAfterMs } from './fresh.ts'
import { type Meaning, meanings, settingOf } from './meanings.ts'
import { settleMs } from './seen.ts'

/** docs/health.md */
export function healthPage(): string {
  return `# Health of a stream

Made by \`npm run docs\` from \`src/health/\`: change it there.

The node that runs a stream looks at it every \`FFMPEG_CHECK_INTERVAL\` (${settings.ffmpegCheckIntervalSeconds.default}): at FFmpeg's packet log of each track, its CPU and
memory, and at what arrives at mediasoup. \`stream { health }\` and \`streamHealth\` tell what came of it, a change is the event
\`stream.health_changed\`, and Prometheus has \`vas_stream_health\` and \`vas_stream_health_issues\`.

| status | when |
| --- | --- |
| \`HEALTHY\` | It is LIVE, its media is measured, and no issue is worse than INFO. |
| \`WARNING\` | The worst issue is a WARNING. |
| \`CRITICAL\` | There is an issue of severity ERROR or CRITICAL. |
| \`UNKNOWN\` | Nothing is measured: it is stopped or starting, no node runs it, or what was judged last is older than ${staleAfterMs / 1000} s. \`at\` says from when it is. |

An issue is raised when its figures have been bad without a break for as long as it says below, and cleared when they have been
good for as long as it says; between the two bounds nothing changes, so a figure on the edge does not flap. While it is open it may
get more severe, never less. \`since\` is when it began, \`evidence\` has the figures that it was judged by last, with units in
their names.

- What is not measured is null and raises nothing. Rates count from ${settleMs / 1000} s after FFmpeg was started.
- When the node itself stood still (no look for more than three intervals) everything is counted anew, and nothing is raised
  for what it did not see.
- A track whose producer was closed by order is not watched.
- A stream sets thresholds for itself with \`recovery\` in \`createStream\` and \`updateStream\`.

${Object.entries(meanings).map(section).join('\n')}`
}

function section([type, { meaning, thresholds, raised, cleared, severity, todo }]: [string, Meaning]): string {
  const rows = [
    ['severity', severity],
    ['threshold', thresholds.map(threshold).join('; ') || 'none'],
    ['raised', raised],
    ['cleared', cleared],
    ['what to do', todo],
  ]
  return `## ${type}

${meaning}

${rows.map(([name, text]) => `- ${name}: ${text}`).join('\n')}
`
}

function threshold(member: keyof StreamPolicy): string {
  const name = settingOf[member]
  if (!name) return `\`${member}\` of the stream, off by default`
  const setting: Setting = settings[name]
  return `\`${setting.env}\` (${setting.default}), for one stream \`${member}\``
}
