import { bitrateDrop } from './bitrate.ts'
import { noMedia, processDown, sourceLost } from './down.ts'
import { frameRateLow } from './frame-rate.ts'
import { audioFrozen, notArriving, videoFrozen } from './freeze.ts'
import { keyframeIntervalLong } from './keyframes.ts'
import { cpuHigh, memoryHigh } from './load.ts'
import { jitterHigh, packetLoss } from './network.ts'
import { pictureStill } from './picture.ts'
import { restartingOften } from './restarts.ts'
import type { Rule } from './rule.ts'
import { speedLow } from './speed.ts'

/** All rules, in the order in which issues are listed: the worst first. */
export const rules: readonly Rule[] = [
  processDown,
  sourceLost,
  noMedia,
  notArriving,
  videoFrozen,
  audioFrozen,
  pictureStill,
  frameRateLow,
  bitrateDrop,
  speedLow,
  packetLoss,
  jitterHigh,
  cpuHigh,
  memoryHigh,
  restartingOften,
  keyframeIntervalLong,
]
