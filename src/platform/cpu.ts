import { cpus } from 'node:os'

/** Measures how busy the machine's cores are since the last time, 0 to 100; null the first time. */
export function createCpuMeter(read: typeof cpus = cpus): () => number | null {
  let last: { busy: number; all: number } | null = null
  return () => {
    let [busy, all] = [0, 0]
    for (const { times } of read()) {
      const sum = times.user + times.nice + times.sys + times.irq + times.idle
      all += sum
      busy += sum - times.idle
    }
    const before = last
    last = { busy, all }
    if (before === null || all <= before.all) return null
    return Math.round((1000 * (busy - before.busy)) / (all - before.all)) / 10
  }
}
