import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { follow } from './live.ts'
import { weir } from './weir.ts'

effect(() => {
  const client = weir.value
  follow(client)
  return () => client.close()
})
render(<App />, document.body)
