import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { key } from './key.ts'
import { follow } from './live.ts'

effect(() => {
  key.value
  return follow()
})
render(<App />, document.body)
