import { useSignal } from '@preact/signals'
import type { WeirError } from '../client/errors.ts'
import { Field } from './field.tsx'
import { createStreamMutation } from './operations.ts'
import { Panel } from './panel.tsx'
import { request } from './weir.ts'

export function AddStream() {
  return (
    <Panel label="Add a stream" title="Add a stream" primary>
      {(close) => <AddStreamForm onDone={close} />}
    </Panel>
  )
}

/** A stream from a URL, started at once. Errors stand at the field that they are about. */
export function AddStreamForm({ onDone }: { onDone?: () => void }) {
  const error = useSignal<WeirError | null>(null)
  const pending = useSignal(false)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const entered = new FormData(form)
    const [url, name] = [String(entered.get('url')).trim(), String(entered.get('name')).trim()]
    pending.value = true
    const answer = await request(createStreamMutation, {
      input: { name: name || nameOf(url), source: { url: { url } }, start: true },
    })
    pending.value = false
    error.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    form.reset()
    onDone?.()
  }

  const at = (part: string) => error.value?.fields.find(({ path }) => path.includes(part))?.message ?? null
  const [urlError, nameError] = [at('url'), at('name')]
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field label="Address" name="url" placeholder="rtsp://camera.local/stream" error={urlError} />
      <Field label="Name" name="name" placeholder="Front door" error={nameError} />
      {error.value && !urlError && !nameError && (
        <p class="error" role="alert">
          {error.value.message}
        </p>
      )}
      <p class="hint">RTSP, RTMP, SRT, HLS or HTTP. A user and password in the address are never shown again.</p>
      <div class="actions">
        {onDone && (
          <button type="button" onClick={onDone}>
            Cancel
          </button>
        )}
        <button type="submit" class="primary" disabled={pending.value}>
          {pending.value ? 'Adding…' : 'Add'}
        </button>
      </div>
    </form>
  )
}

/** A name for who gives none: the host of the address, without its credentials. */
function nameOf(url: string): string {
  try {
    return new URL(url).hostname || 'Stream'
  } catch {
    return 'Stream'
  }
}
