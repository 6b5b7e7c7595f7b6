import { Weir } from './weir.ts'

/** Once a run: a data folder as the first start leaves it. Copied for each server of a test, since making one takes seconds. */
export default async function setup(): Promise<() => Promise<void>> {
  const weir = await Weir.start()
  const { code } = await weir.end('SIGTERM')
  if (code !== 0) throw new Error(`the first server ended with ${code}:\n${weir.logTail()}`)
  process.env.WEIR_TEST_TEMPLATE = weir.dataDir
  return () => weir[Symbol.asyncDispose]()
}
