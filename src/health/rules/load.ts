import { type Evidence, round, rule } from './rule.ts'

interface Cpu extends Evidence {
  cpuPercent: number
  usableCores: number
  sharePercent: number
}

export const cpuHigh = rule<Cpu>({
  type: 'CPU_HIGH',
  of: null,
  raiseAfterMs: 10_000,
  clearAfterMs: 10_000,
  measure({ observation: { process }, usableCores, settled }) {
    if (!settled || !process || process.cpuPercent === null) return null
    const { cpuPercent } = process
    return { cpuPercent: round(cpuPercent), usableCores, sharePercent: round(cpuPercent / usableCores) }
  },
  level({ sharePercent }, policy) {
    if (sharePercent > policy.cpuPercent) return 'BAD'
    return sharePercent < policy.cpuPercent * 0.9 ? 'GOOD' : 'EDGE'
  },
  severity: () => 'WARNING',
  reason: ({ cpuPercent, usableCores, sharePercent }) =>
    `FFmpeg takes ${sharePercent} % of the ${usableCores} cores that it may use (${cpuPercent} % of one core).`,
})

interface Memory extends Evidence {
  memoryBytes: number
}

/** From so many times the limit on the machine itself may be in danger. */
export const severeMemory = 1.5
const megabyte = 1024 * 1024

export const memoryHigh = rule<Memory>({
  type: 'MEMORY_HIGH',
  of: null,
  raiseAfterMs: 5_000,
  clearAfterMs: 10_000,
  measure({ observation: { process }, measured }) {
    return measured && process && process.memoryBytes !== null ? { memoryBytes: process.memoryBytes } : null
  },
  level({ memoryBytes }, policy) {
    if (memoryBytes > policy.memoryBytes) return 'BAD'
    return memoryBytes < policy.memoryBytes * 0.95 ? 'GOOD' : 'EDGE'
  },
  severity: ({ memoryBytes }, policy) => (memoryBytes > policy.memoryBytes * severeMemory ? 'ERROR' : 'WARNING'),
  reason: ({ memoryBytes }, policy) =>
    `FFmpeg holds ${Math.round(memoryBytes / megabyte)} MB of memory, more than ${Math.round(policy.memoryBytes / megabyte)} MB.`,
})
