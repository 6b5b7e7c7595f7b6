import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

interface PanelProps {
  /** On the button that opens it. */
  label: string
  title: string
  primary?: boolean
  children: (close: () => void) => ComponentChildren
}

/** A button and the dialog that it opens; the browser's own dialog brings focus, Escape and the backdrop. */
export function Panel({ label, title, primary = false, children }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const close = () => dialog.current?.close()
  return (
    <>
      <button type="button" class={primary ? 'primary' : undefined} onClick={() => dialog.current?.showModal()}>
        {label}
      </button>
      <dialog ref={dialog} class="panel" aria-label={title}>
        <h2>{title}</h2>
        {children(close)}
      </dialog>
    </>
  )
}
