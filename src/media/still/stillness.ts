import { pictureDiffers } from './difference.ts'

/** What has been seen of a picture: the first of those that are all alike. */
export interface Stillness {
  /** Null before the first keyframe. */
  reference: Uint8Array | null
  /** ms since the epoch, when it came. */
  since: number
  /** The last one that was like it. */
  until: number
}

export const nothingSeen: Stillness = { reference: null, since: 0, until: 0 }

/**
 * Two keyframes that are alike make a picture still, but not within a moment: somebody may be sitting quietly. With what
 * a group of pictures takes before and after, it is seen within two of them and 5 s, the second of sampling included.
 */
const stillMs = 4_000

/** Takes one keyframe's picture, at `at` (ms since the epoch). Compared with the first one, so that what changes slowly changes. */
export function afterKeyframe(before: Stillness, picture: Uint8Array, at: number): Stillness {
  const { reference } = before
  if (reference && !pictureDiffers(reference, picture)) return { ...before, until: at }
  return { reference: picture, since: at, until: at }
}

/** Since when the picture has not changed, null where it does. */
export function stillSince({ reference, since, until }: Stillness): number | null {
  return reference && until - since >= stillMs ? since : null
}
