import { useSignal } from '@preact/signals'
import { createClient } from '../client/client.ts'
import { Field } from './field.tsx'
import { key, setKey } from './key.ts'
import { keyRefusal } from './live.ts'
import { viewerQuery } from './operations.ts'
import { Panel } from './panel.tsx'
import { request } from './weir.ts'

/** Enter a key, or leave it again. Without one the page only reads. */
export function KeyForm() {
  if (key.value !== null) {
    return (
      <button type="button" onClick={() => setKey(null)}>
        Sign out
      </button>
    )
  }
  return (
    <Panel label="Enter key" title="Enter an API key">
      {(close) => <KeyEntry onDone={close} />}
    </Panel>
  )
}

function KeyEntry({ onDone }: { onDone: () => void }) {
  const error = useSignal<string | null>(null)
  const pending = useSignal(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const entered = String(new FormData(event.currentTarget as HTMLFormElement).get('key')).trim()
    pending.value = true
    const answer = await request(viewerQuery, {}, createClient({ key: entered }))
    pending.value = false
    if (!answer.ok) {
      error.value = answer.error.message
      return
    }
    keyRefusal.value = null
    onDone()
    setKey(entered)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field label="Key" name="key" secret error={error.value ?? keyRefusal.value} />
      <p class="hint">
        The server printed one at its first start. It is kept in this tab and forgotten when it closes.
      </p>
      <div class="actions">
        <button type="button" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" class="primary" disabled={pending.value}>
          Use it
        </button>
      </div>
    </form>
  )
}
