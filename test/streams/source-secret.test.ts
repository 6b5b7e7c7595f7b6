import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WeirError } from '../../src/errors.ts'
import { SealError } from '../../src/platform/secret-box.ts'
import { createSecretBox } from '../../src/platform/secret-box-aes.ts'
import type { StreamSource, UrlSource } from '../../src/streams/model.ts'
import { parseSource, sameSource } from '../../src/streams/source.ts'
import { openSource, requireWhole, sealedAnew, sealSource, withKeptSecrets } from '../../src/streams/source-secret.ts'
import { testBox as box } from '../support/secret-box.ts'

const id = 'stream_01h455vb4pex5vsknk084sn02q'
const secretText = fc.stringMatching(/^[A-Za-z0-9._~-]{1,20}$/).map((text) => `S3c${text}`)
const host = fc.constantFrom('cam.example.com', '192.0.2.1:554', '[2001:db8::1]:8554', 'camera')

/** Sources as they may be given, with the secrets in them. */
const sources: fc.Arbitrary<{ source: UrlSource; secrets: string[] }> = fc
  .record({ host, a: secretText, b: secretText, kind: fc.constantFrom('RTSP', 'HTTP', 'RTMP', 'SRT', 'PLAIN') })
  .map(({ host, a, b, kind }) => {
    const [url, secrets] = {
      RTSP: [`rtsp://ad.min%40corp:${a}@${host}/live?channel=1&token=${b}`, [a, b]],
      HTTP: [`https://:${a}@${host}/a/b.m3u8?x=1&key=${b}#${b}`, [a, b]],
      RTMP: [`rtmp://${host}/app/${a}?auth=${b}`, [a, b]],
      SRT: [`srt://${host}?mode=caller&passphrase=${a}&streamid=${b}&latency=200`, [a, b]],
      PLAIN: [`rtsp://${host}/live?channel=1`, []],
    }[kind] as [string, string[]]
    return { source: parseSource({ url: { url } }, 'source') as UrlSource, secrets }
  })

const message = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof WeirError && error.code === 'BAD_USER_INPUT') return error.details.fields![0]!.message
    throw error
  }
  throw new Error('it was taken')
}

describe('a source at rest', () => {
  it('shows no secret, and opens as it was given', () => {
    fc.assert(
      fc.property(sources, ({ source, secrets }) => {
        const sealed = sealSource(box, id, source)
        for (const secret of secrets) expect(JSON.stringify(sealed)).not.toContain(secret)
        expect(sealed.sourceSecret === null).toBe(secrets.length === 0)
        expect(openSource(box, { id, ...sealed })).toEqual(source)
        if (secrets.length === 0) return
        expect(() => openSource(box, { id: id.replace('01', '02'), ...sealed })).toThrow(SealError)
      }),
    )
  })

  it('is sealed anew only where it has to be, from whatever an older version or another key has left', () => {
    const later = createSecretBox(new Uint8Array(32).fill(8), new Uint8Array(32).fill(7))
    const other = createSecretBox(new Uint8Array(32).fill(9))
    fc.assert(
      fc.property(sources, ({ source, secrets }) => {
        const plain = { id, source, sourceSecret: null }
        const anew = sealedAnew(box, plain, { givesUp: false })
        expect(anew === null).toBe(secrets.length === 0)
        const row = { ...plain, ...anew }
        expect(openSource(box, row)).toEqual(source)
        expect(sealedAnew(box, row, { givesUp: true })).toBeNull()
        if (secrets.length === 0) return
        const rotated = { ...row, ...sealedAnew(later, row, { givesUp: false }) }
        expect(openSource(later, rotated)).toEqual(source)
        expect(() => openSource(box, rotated)).toThrow(SealError)
        expect(sealedAnew(other, row, { givesUp: false })).toBeNull()
        expect(sealedAnew(other, row, { givesUp: true })).toEqual({ sourceSecret: null })
      }),
    )
  })
})

describe('a URL that is given back with ***', () => {
  it('means the stored one', () => {
    fc.assert(
      fc.property(sources, ({ source }) => {
        const { source: shown } = sealSource(box, id, source)
        const kept = withKeptSecrets(shown, shown, source, 'input.source')
        expect(sameSource(kept, source)).toBe(true)
      }),
    )
  })

  it('keeps the secrets beside what else is changed of its query', () => {
    const source: StreamSource = { kind: 'SRT', url: 'srt://h:9000?mode=caller&passphrase=S3cret&latency=200' }
    const { source: shown } = sealSource(box, id, source)
    const given = (url: string): StreamSource => ({ kind: 'SRT', url })
    const keep = (url: string) => withKeptSecrets(given(url), shown, source, 'input.source')
    expect(keep('srt://h:9000?passphrase=***&latency=300')).toEqual(given('srt://h:9000?passphrase=S3cret&latency=300'))
    expect(keep('srt://h:9000?latency=300')).toEqual(given('srt://h:9000?latency=300'))
    for (const url of [
      'srt://evil:9000?passphrase=***',
      'srt://h:9001?passphrase=***',
      'srt://h:9000/x?passphrase=***',
      'srt://h:9000?latency=***',
      'srt://h:9000?token=***',
      'srt://***@h:9000?mode=caller',
      'srt://h:9000?passphrase=***&passphrase=***',
      'srt://h:9000?passphrase=***x',
    ])
      expect(
        message(() => keep(url)),
        url,
      ).toMatch(/keeps a secret only where/)
  })

  it('never brings a secret to another place', () => {
    fc.assert(
      fc.property(sources, sources, ({ source: stored, secrets }, { source: other }) => {
        const { source: shown } = sealSource(box, id, stored)
        const { source: given } = sealSource(box, id, other)
        let kept: StreamSource
        try {
          kept = withKeptSecrets(given, shown, stored, 'input.source')
        } catch {
          return
        }
        const [a, b] = [new URL((kept as UrlSource).url), new URL(stored.url)]
        if (secrets.some((secret) => (kept as UrlSource).url.includes(secret)))
          expect(`${a.protocol}//${a.host}`).toBe(`${b.protocol}//${b.host}`)
      }),
    )
  })

  it('is refused where there is nothing to keep: for a new stream, and where the key is gone', () => {
    const source = parseSource({ url: { url: 'rtsp://***@camera/1' } }, 'input.source')
    expect(message(() => requireWhole(source, 'input.source'))).toMatch(/give the secret itself/)
    expect(message(() => withKeptSecrets(source, source, null, 'input.source'))).toMatch(/give the whole URL/)
    expect(() => openSource(box, { id, source, sourceSecret: null })).toThrow(SealError)
  })
})
