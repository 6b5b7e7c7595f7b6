import { expect, it } from 'vitest'
import { ListenError, listenError } from '../../src/http/listen-error.ts'

const target = { host: 'video.example.com', port: 443, portSetting: 'METRICS_PORT' } as const

it.each([
  ['EADDRINUSE', /^METRICS_PORT 443 on video\.example\.com is taken .* set METRICS_PORT to another port/],
  ['EACCES', /^METRICS_PORT 443 .* needs more rights .* Set METRICS_PORT to a higher port/],
  ['EADDRNOTAVAIL', /^HOST video\.example\.com is no address of this machine/],
  ['EAFNOSUPPORT', /^HOST video\.example\.com is no address of this machine/],
  ['ENOTFOUND', /^HOST video\.example\.com is not known/],
  ['EMFILE', /\(EMFILE\)\. HOST and METRICS_PORT say where/],
])('%s names the setting to change', (code, message) => {
  const cause = Object.assign(new Error('listen'), { code })
  const error = listenError(cause, target)
  expect(error).toBeInstanceOf(ListenError)
  expect(error.message).toMatch(message)
  expect(error.cause).toBe(cause)
})
