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
  const errorId = `${name}-error`
  const attributes = {
    id: name,
    name,
    placeholder,
    autocomplete: 'off',
    spellcheck: false,
    'aria-invalid': error !== null,
    'aria-describedby': error === null ? undefined : errorId,
  }
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {secret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />}
      {error !== null && (
        <p id={errorId} class="error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
