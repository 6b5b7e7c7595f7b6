/** Says one thing that set-up does. On standard error, so that standard output stays the program's own. */
export function say(/** @type {string} */ line) {
  process.stderr.write(`${line}\n`)
}

/** Seconds as `4 s` or `3 min 50 s`. */
export function duration(/** @type {number} */ seconds) {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/**
 * Shows how far a long step is: one line redrawn on a terminal, elsewhere a line for every 10 % that is reached.
 * @param {string} title
 * @param {{ out?: { isTTY?: boolean, write(text: string): unknown }, now?: () => number }} options
 */
export function progressLine(title, { out = process.stderr, now = Date.now } = {}) {
  const startedAt = now()
  let shown = -1
  const text = (/** @type {number} */ percent) => `${title}: ${percent} % (${duration((now() - startedAt) / 1000)})`
  return {
    /** `fraction` is 0 to 1. */
    to(/** @type {number} */ fraction) {
      const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100)
      if (out.isTTY) out.write(`\r${text(percent)}\x1b[K`)
      else if (Math.floor(percent / 10) > Math.floor(shown / 10) || shown < 0) out.write(`${text(percent)}\n`)
      shown = Math.max(shown, percent)
    },
    end() {
      if (out.isTTY && shown >= 0) out.write('\n')
    },
  }
}
