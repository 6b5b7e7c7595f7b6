import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProcessLog } from '../../src/media/ffmpeg/log.ts'
import { sourceRedactor } from '../../src/sources/source-redactor.ts'
import type { UrlSource } from '../../src/streams/model.ts'

const secretText = fc
  .stringMatching(/^[A-Za-z0-9._~!$*%&'()+,;=@-]{2,20}$/)
  .map((text) => `S3c${text.replaceAll('%', '%25')}`)
const simple = fc.stringMatching(/^[A-Za-z0-9._~-]{2,20}$/).map((text) => `S3c${text}`)

describe("what FFmpeg's log says of a source", () => {
  it.each<[string, (secret: string) => UrlSource, fc.Arbitrary<string>]>([
    ['the password', (one) => ({ kind: 'RTSP', url: `rtsp://admin:${one}@camera/live?channel=1` }), secretText],
    ['the stream key', (one) => ({ kind: 'RTMP', url: `rtmp://host/app/${one}` }), simple],
    ['the passphrase', (one) => ({ kind: 'SRT', url: `srt://host:9000?passphrase=${one}&latency=20` }), simple],
    ['the token', (one) => ({ kind: 'HTTP', url: `http://host/a?x=1&token=${one}` }), simple],
  ])('never shows %s, with the URL around it or without, decoded or not', (_, source, secret) => {
    fc.assert(
      fc.property(secret, (text) => {
        const lines: string[] = []
        const log = createProcessLog((line) => lines.push(line), sourceRedactor(source(text)))
        const plain = decodeURIComponent(text)
        for (const form of [text, plain]) {
          log.push(`[rtmp @ 0x1] [error] Server error: no such stream ${form} in app\n`)
          log.push(`[error] ${source(form).url}: Input/output error\n[tcp @ 0x1] ${form}`)
        }
        log.end()
        for (const form of [text, plain]) {
          expect(lines.join('\n')).not.toContain(form)
          expect(log.lines().join('\n')).not.toContain(form)
        }
        expect(lines[0]).toContain('no such stream *** in app')
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves a line as it is where the source has no secret', () => {
    const clean = sourceRedactor({ kind: 'RTSP', url: 'rtsp://camera/live' })
    expect(clean('rtsp://camera/live: 404 Not Found')).toBe('rtsp://camera/live: 404 Not Found')
  })
})
