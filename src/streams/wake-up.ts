/** Lets one loop sleep until somebody wakes it or a time has come. A wake-up while it is awake is kept. */
export class WakeUp {
  private pending = false
  private resume: (() => void) | null = null

  wake(): void {
    this.pending = true
    this.resume?.()
  }

  /** Resolves after `wake`, at once when there was one since the last time, or after `ms`. */
  async sleep(ms: number | null): Promise<void> {
    if (!this.pending) {
      let timer: ReturnType<typeof setTimeout> | undefined
      await new Promise<void>((resolve) => {
        this.resume = resolve
        if (ms !== null) timer = setTimeout(resolve, Math.min(Math.max(ms, 0), 60_000))
      })
      clearTimeout(timer)
      this.resume = null
    }
    this.pending = false
  }
}
