/** Pictures are compared as so many shades of grey, each the mean of what lies beneath it. */
export const comparedWidth = 48
export const comparedHeight = 27

/**
 * A cell of a still picture differs by less than this from one keyframe to the next: the noise of a sensor and what encoding
 * makes of it is averaged away. The digit of a clock that goes on, 12 pixels wide in a picture of 1080p, makes 10.
 */
const noise = 6

/** Whether anything in the picture has changed, anywhere. */
export function pictureDiffers(before: Uint8Array, after: Uint8Array): boolean {
  return before.length !== after.length || before.some((shade, at) => Math.abs(shade - after[at]!) >= noise)
}
