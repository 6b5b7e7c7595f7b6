/**
 * The share of the work that a line of ninja's output says is done, 0 to 1, or null where the line says nothing of it.
 * @param {string} line
 */
export function ninjaProgress(line) {
  const match = /^\[(\d+)\/(\d+)\]/.exec(line)
  if (!match || Number(match[2]) === 0) return null
  return Math.min(1, Number(match[1]) / Number(match[2]))
}
