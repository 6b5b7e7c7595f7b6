import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createJudgeOrigin, originVerdict } from '../../src/http/origins.ts'

const anyOrigin = fc.oneof(
  fc.webUrl().map((url) => new URL(url).origin),
  fc.string(),
  fc.constantFrom('null', 'https://a.example', 'https://a.example:8443', 'http://a.example', 'https://a.example.evil'),
)

describe('origins', () => {
  test('in production none but our own is let in, whatever it looks like', () => {
    const judge = createJudgeOrigin({ publicUrl: 'https://a.example', corsOrigins: null, isProduction: true })
    fc.assert(
      fc.property(anyOrigin, (origin) => {
        expect(judge(origin, 'inner:8080')).toBe(
          ['https://a.example', 'http://inner:8080', 'https://inner:8080'].includes(origin) ? 'OWN' : 'REFUSED',
        )
      }),
      { numRuns: 2000 },
    )
    expect(judge(undefined, 'a.example')).toBe('NONE')
  })

  test('those that are allowed are compared whole', () => {
    fc.assert(
      fc.property(anyOrigin, fc.array(anyOrigin), (origin, others) => {
        const allowed = others.filter((other) => other !== '*' && other !== origin)
        expect(originVerdict(origin, [], allowed)).toBe('REFUSED')
        expect(originVerdict(origin, [], [...allowed, origin])).toBe(origin === 'null' ? 'REFUSED' : 'ALLOWED')
        expect(originVerdict(origin, [], ['*'])).toBe('ALLOWED')
      }),
    )
  })

  test('development lets every one in, until it says otherwise', () => {
    const settings = { publicUrl: null, isProduction: false }
    expect(createJudgeOrigin({ ...settings, corsOrigins: null })('https://x.example', 'h')).toBe('ALLOWED')
    expect(createJudgeOrigin({ ...settings, corsOrigins: ['https://y.example'] })('https://x.example', 'h')).toBe(
      'REFUSED',
    )
    expect(createJudgeOrigin({ ...settings, corsOrigins: ['*'], isProduction: true })('null', 'h')).toBe('ALLOWED')
  })

  test.each([
    ['http://cam.lan', 'cam.lan', 'OWN'],
    ['https://cam.lan', 'CAM.lan:443', 'OWN'],
    ['http://[::1]:8080', '[::1]:8080', 'OWN'],
    ['http://cam.lan:81', 'cam.lan', 'REFUSED'],
    ['http://evil.example', 'cam.lan', 'REFUSED'],
    ['http://cam.lan', 'not a host', 'REFUSED'],
    ['http://cam.lan', undefined, 'REFUSED'],
    ['', 'cam.lan', 'REFUSED'],
  ])('%s to the host %s is %s', (origin, host, verdict) => {
    const judge = createJudgeOrigin({ publicUrl: null, corsOrigins: [], isProduction: true })
    expect(judge(origin, host)).toBe(verdict)
  })
})
