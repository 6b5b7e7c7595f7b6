import { signal } from '@preact/signals'

const storageName = 'weir-key'

/** The API key that was entered, for this tab only; null is reading as the public may. */
export const key = signal<string | null>(initialKey())

/** `/#key=…` hands a key over, as the address that the server prints at its first start may do; it doesn't stay there. */
function initialKey(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('key')
  if (given) {
    sessionStorage.setItem(storageName, given)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return given ?? sessionStorage.getItem(storageName)
}

export function setKey(value: string | null): void {
  if (value === null) sessionStorage.removeItem(storageName)
  else sessionStorage.setItem(storageName, value)
  key.value = value
}
