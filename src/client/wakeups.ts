/** Tells when it is worth trying at once: the page is seen again, wakes from sleep, or has a network again. Nothing to tell of in Node.js. */
export function onWake(wake: () => void): () => void {
  const signs: [EventTarget | undefined, string][] = [
    [globalThis.window, 'online'],
    [globalThis.window, 'pageshow'],
    [globalThis.document, 'resume'],
    [globalThis.document, 'visibilitychange'],
  ]
  const told = () => {
    if (globalThis.document?.visibilityState !== 'hidden') wake()
  }
  for (const [target, name] of signs) target?.addEventListener(name, told)
  return () => {
    for (const [target, name] of signs) target?.removeEventListener(name, told)
  }
}
