import { Child } from '../support/child.ts'

/** Burns one core in bursts, with the priority that everybody has: three seconds on, one off. */
export function startNoise(onUnexpectedEnd: (what: string) => void): Child {
  const burn = 'setInterval(() => { const end = Date.now() + 3000; while (Date.now() < end); }, 4000)'
  return new Child(process.execPath, ['-e', burn], { onUnexpectedEnd })
}
