import { writeFileSync } from 'node:fs'
import { formatEnvExample, formatSettingsPage } from '../src/config/help.ts'
import { errorTable } from '../src/errors.ts'
import { healthPage } from '../src/health/manual.ts'
import { silentLogger } from '../src/platform/logs/logger.ts'
import { createMetrics } from '../src/platform/metrics/metrics.ts'
import { limitsPage } from './limits-page.ts'
import { recoveryPage } from './recovery-page.ts'
import { licencesPage } from './supply-chain.ts'

/** The pages that are made from the code, by their path in the repository. A test keeps them current. */
export const pages: Record<string, () => string> = {
  'docs/errors.md': errorsPage,
  'docs/health.md': healthPage,
  'docs/licences.md': licencesPage,
  'docs/limits.md': limitsPage,
  'docs/metrics.md': metricsPage,
  'docs/recovery.md': recoveryPage,
  'docs/settings.md': formatSettingsPage,
  '.env.example': formatEnvExample,
}

function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |`,
  )
  return `# Errors

Made by \`npm run docs\` from \`src/errors.ts\`: change it there.

Every error that a caller can see has one of these codes. In GraphQL it is \`extensions.code\`, with the details beside it;
other routes answer with the status and a JSON object {\`code\`, \`message\`, \`requestId\`} and the details. Details are
\`fields\` (\`path\` and \`message\` for each part of the input that was refused), \`needed\` and \`available\` (of what was
limited), and \`retryAfterSeconds\`.

| code | HTTP status | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}

function metricsPage(): string {
  const nothing = async () => []
  const source = {
    streams: nothing,
    producers: nothing,
    consumers: nothing,
    reservations: nothing,
    refusals: nothing,
    processes: nothing,
    components: nothing,
    errors: nothing,
  }
  const metrics = createMetrics({ source, logger: silentLogger }).registry.getMetricsAsArray() as unknown as {
    name: string
    type: string
    help: string
    labelNames: string[]
  }[]
  const rows = metrics
    .filter(({ name }) => name.startsWith('vas_'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labelNames, help }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(', ')
      return `| \`${name}\` | ${type} | ${labels} | ${help} |`
    })
  return `# Metrics

Made by \`npm run docs\` from \`src/platform/metrics/\`: change it there.

Text format 0.0.4 at \`/metrics\` (\`METRICS_PATH\`) and \`/v2/metrics\`, on \`PORT\` or, where \`METRICS_PORT\` is set, there alone.
Streams, producers, sessions and processes are read at the scrape. What is not measured has no series, and what has ended loses its
own; each state always has one, also at 0. States and methods are in lower case.

| name | type | labels | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

- \`endpoint\` is the first root field of the operation, as the schema has it (\`streams\`, \`createStream\`), else \`other\`:
  also for introspection and for what is no valid operation.
- \`method\` is the HTTP method, or \`websocket\` for operations over WebSocket.
- \`status_code\` is the HTTP status of the first error's code in [the table of errors](errors.md), or 200. GraphQL's
  answer itself may have another status.
- \`by\` is \`project\`, \`session\` or \`address\` for requests that are counted against callers, \`failures\` for keys and tokens that were no good,
  else one of [the lanes](access.md#what-is-not-counted-against-callers): \`health\`, \`metrics\`, \`media\`, \`pages\`, \`whep\`, \`projectHeartbeats\`,
  \`sessionHeartbeats\`, \`unusualHeartbeats\`.
- \`part\` is \`streams\`, \`producers\`, \`consumers\`, \`reservations\`, \`refusals\`, \`processes\`, \`components\` or \`errors\`.
- \`source\` is what those who reserve call themselves; a source that is called \`other\` is counted with the rest.
- \`component\` is one of [the components](system-health.md) in lower case, \`name\` its own: what EXTERNAL_CHECKS calls it, else
  the component again.
- With several nodes, \`vas_ffmpeg_status\`, \`vas_ffmpeg_restarts_total\` and \`vas_audio_stream_available\` of a stream come from the
  node that runs it. \`vas_ffmpeg_restarts_total\` is kept with the stream: it goes on over restarts of Weir, and falls to 0
  when the stream is started by order, as a counter does.
- \`vas_consumer_ended_session_duration_seconds\` counts a session in the process whose statement closed it, so that the sum over the
  nodes is each once; one that a process closed just before it was killed is in the event log alone.
- \`vas_errors_total\` counts what the log has as \`warn\`, \`error\` and \`fatal\`, whatever \`LOG_LEVEL\` lets through.

Beside these stand the usual \`process_\` and \`nodejs_\` metrics: CPU, memory, file descriptors, garbage collection and the
lag of the event loop.

\`promtool check metrics\` has three complaints, all of names that existing dashboards and alerts use: \`vas_streams_total\` and
\`vas_producers_total\` are gauges, \`vas_ffmpeg_process_memory_mb\` is not in bytes. Each has a conventional twin.
`
}

if (import.meta.main) {
  for (const [path, page] of Object.entries(pages)) writeFileSync(new URL(`../${path}`, import.meta.url), page())
}
