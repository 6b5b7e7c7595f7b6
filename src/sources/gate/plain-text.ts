import { redact } from '../../platform/redact.ts'

/**
 * Puts the source's own addresses, without secrets, in the place of the gate's in a text of FFmpeg's. What stands behind the way's
 * address as `/<number>/<scheme>/<rest>` is `<scheme>://<rest>`.
 */
export function plainText(gateUrl: string, sourceUrl: string): (text: string) => string {
  if (gateUrl === sourceUrl) return (text) => text
  const gate = new URL(gateUrl)
  const source = new URL(sourceUrl)
  const shown = redact(sourceUrl)
  const token = gate.pathname.split('/')[1] ?? ''
  const base = `${gate.protocol}//${gate.host}/${token}`
  const port = gate.port
  const host = source.port ? `${source.hostname} port ${source.port}` : source.hostname
  const entry = new RegExp(`${literal(base)}/\\d+/(https?)/`, 'g')
  const peer = new RegExp(`127\\.0\\.0\\.1(?::| port )${port}\\b`, 'g')
  return (text) => {
    if (!text.includes(port)) return text
    return text
      .replaceAll(gateUrl, () => shown)
      .replace(entry, '$1://')
      .replaceAll(base, () => shown)
      .replace(peer, () => host)
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
