/** Asks every 10 ms until the answer is neither false, null nor undefined; gives up after a minute. */
export async function waitFor<T>(ask: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  for (let asked = 0; asked < 6000; asked++) {
    const answer = await ask()
    if (answer !== false && answer !== null && answer !== undefined) return answer as NonNullable<Exclude<T, false>>
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`waited in vain for ${ask}`)
}
