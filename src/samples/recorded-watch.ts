import type { HealthWatch } from '../health/model.ts'
import type { SampleRecorder } from './model.ts'

/** A watch whose judgements are kept. */
export function recordedWatch(watch: HealthWatch, recorder: Pick<SampleRecorder, 'stream'>): HealthWatch {
  return {
    observe(observation, overrides) {
      const view = watch.observe(observation, overrides)
      recorder.stream(observation, view)
      return view
    },
  }
}
