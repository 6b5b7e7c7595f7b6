/** What every socket that receives media asks for: a 1080p keyframe of 450 kB comes as one burst. */
export const receiveBufferBytes = 4 * 1024 * 1024

/** A warning when the kernel will not give such a buffer, else null. `rmemMax` is the text of /proc/sys/net/core/rmem_max, null where there is none. */
export function receiveBufferWarning(rmemMax: string | null): { rmemMaxBytes: number; setting: string } | null {
  const rmemMaxBytes = rmemMax === null ? Number.NaN : Number.parseInt(rmemMax, 10)
  if (Number.isNaN(rmemMaxBytes) || rmemMaxBytes >= receiveBufferBytes) return null
  return { rmemMaxBytes, setting: `sysctl -w net.core.rmem_max=${receiveBufferBytes}` }
}
