import { spawnSync } from 'node:child_process'

/**
 * `npm run audit`: does the registry know of a hole, high or critical, in what runs in production? Ends with 1 where it does, and with 2
 * where it could not be asked: that is no good news.
 */
const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  timeout: 120_000,
})

/** @typedef {{ metadata?: { vulnerabilities?: Record<string, number> }, vulnerabilities?: Record<string, { severity: string, range: string }> }} Report */
/** @type {Report} */
let report = {}
try {
  report = JSON.parse(stdout)
} catch {}
const counts = report.metadata?.vulnerabilities
if (error || !counts) {
  process.stderr.write('The registry could not be asked (its audit endpoint does not answer here): nothing is known.\n')
  process.exit(2)
}
const bad = Object.entries(report.vulnerabilities ?? {}).filter(([, { severity }]) =>
  /^(high|critical)$/.test(severity),
)
for (const [name, { severity, range }] of bad) process.stdout.write(`${severity}: ${name} ${range}\n`)
process.stdout.write(
  `In production: ${Object.entries(counts)
    .filter(([level]) => level !== 'total')
    .map(([level, count]) => `${count} ${level}`)
    .join(', ')}.\n`,
)
process.exit(bad.length > 0 ? 1 : 0)
