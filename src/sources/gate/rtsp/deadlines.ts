/** FFmpeg ends the wait itself a little later (5 s for ffprobe): from here on the camera is late. */
const lateMs = 4_400
/** The longest wait for a connection and an answer. */
export const answerMs = 8_000
/** From the first request until the camera plays. */
const startMs = 12_000

/** What a session waits for until its camera plays. */
export interface Deadlines {
  /** FFmpeg has asked for something, or it is asked once more. */
  asks(): void
  /** Nothing is waited for now. True where it has been told that the camera is late. */
  answered(): boolean
  /** It plays: from now on FFmpeg itself sees what stays away. */
  plays(): void
  end(): void
}

export interface DeadlineEvents {
  /** FFmpeg, or whoever it is, has not asked for anything. */
  silent(): void
  /** It may answer yet, but FFmpeg may leave before. */
  late(): void
  /** `note` is a sentence of ours. */
  over(note: string): void
}

export function createDeadlines(events: DeadlineEvents): Deadlines {
  let hasAsked = false
  let isPlaying = false
  let wasLate = false
  let late: NodeJS.Timeout | undefined
  let answer: NodeJS.Timeout | undefined
  // Somebody at the door who says nothing is no failure of the source.
  let start = setTimeout(events.silent, lateMs)
  const stopWaiting = () => {
    clearTimeout(late)
    clearTimeout(answer)
  }
  const begin = () => {
    hasAsked = true
    clearTimeout(start)
    start = setTimeout(() => events.over('The camera does not begin to play in time.'), startMs)
  }
  return {
    asks() {
      stopWaiting()
      if (isPlaying) return
      if (!hasAsked) begin()
      late = setTimeout(() => {
        wasLate = true
        events.late()
      }, lateMs)
      answer = setTimeout(() => events.over('The camera does not answer in time.'), answerMs)
    },
    answered() {
      stopWaiting()
      const told = wasLate
      wasLate = false
      return told
    },
    plays() {
      isPlaying = true
      stopWaiting()
      clearTimeout(start)
    },
    end() {
      stopWaiting()
      clearTimeout(start)
    },
  }
}
