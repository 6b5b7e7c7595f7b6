/** A random SSRC: 32 bits, not 0. */
export function newSsrc(): number {
  const [value] = crypto.getRandomValues(new Uint32Array(1))
  return value! || 1
}
