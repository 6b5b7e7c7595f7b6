import { type Evidence, round, rule } from './rule.ts'

interface Still extends Evidence {
  stillSeconds: number
  identicalPackets: number | null
}

export const pictureStill = rule<Still>({
  type: 'PICTURE_STILL',
  of: ['VIDEO'],
  raiseAfterMs: 0,
  clearAfterMs: 2_000,
  measure({ observation: { pictureStillSince }, policy, at, tracks, settled }) {
    if (!policy.pictureStill || !tracks.VIDEO || !settled) return null
    return {
      stillSeconds: pictureStillSince === null ? 0 : round(Math.max(0, at - pictureStillSince) / 1000),
      identicalPackets: tracks.VIDEO.log?.identicalPackets ?? null,
    }
  },
  level: ({ stillSeconds }, { freezeSeconds }) =>
    stillSeconds >= freezeSeconds - Math.min(1.25, freezeSeconds / 4) ? 'BAD' : stillSeconds === 0 ? 'GOOD' : 'EDGE',
  severity: () => 'WARNING',
  since: ({ stillSeconds }, at) => at - stillSeconds * 1000,
  reason: ({ stillSeconds }) => `The picture has not changed for ${stillSeconds} s, although packets arrive.`,
})
