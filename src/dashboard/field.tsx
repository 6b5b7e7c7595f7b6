import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  name: string
  /** Not to be read over a shoulder. */
  secret?: boolean
  placeholder?: string
  error: string | null
}

/** A labelled input with its error beside it. */
export function Field({ label, name, secret = false, placeholder, error }: FieldProps) {
  // The same form can be on the page twice.
  const id = useId()
  const errorId = `${id}-error`
  const attributes = {
    id,
    name,
    placeholder,
    autocomplete: 'off',
    spellcheck: false,
    'aria-invalid': error !== null,
    'aria-describedby': error === null ? undefined : errorId,
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {secret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />}
      {error !== null && (
        <p id={errorId} class="error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
