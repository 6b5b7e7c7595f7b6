import { Weir } from './weir.ts'

/** Once a run: a data folder as the first start leaves it. Copied for each server of a test, since making one takes seconds. */
export default async function setup(): Promise<() => Promise<void>> {
  const weir = await Weir.start()
  // How it ends is for the tests to judge.
  await weir.end('SIGTERM')
  process.env.WEIR_TEST_TEMPLATE = weir.dataDir
  return () => weir[Symbol.asyncDispose]()
}
