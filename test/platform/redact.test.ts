import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/platform/redact.ts'

describe('redact', () => {
  it.each([
    ['rtsp://admin:hunter2@cam.local:554/live', 'rtsp://***@cam.local:554/live'],
    ['rtsp://admin@cam.local/live', 'rtsp://***@cam.local/live'],
    ['rtsp://admin:p@ss:w@rd@cam/live and rtmp://u:p@h', 'rtsp://***@cam/live and rtmp://***@h'],
    ['rtsp://admin:pa/ss?w#rd@cam/live', 'rtsp://***@cam/live'],
    ['rtsp://admin:/pass@cam/live', 'rtsp://***@cam/live'],
    ['postgres://weir:s3cret@[::1]:5432/weir', 'postgres://***@[::1]:5432/weir'],
    ["Error opening 'rtsp://a:b@c/d': 401", "Error opening 'rtsp://***@c/d': 401"],
    ['http://h/x?user=me&pwd=abc', 'http://h/x?user=***&pwd=***'],
    ['http://h/x?token=abc&start=5', 'http://h/x?token=***&start=5'],
    ["GET 'http://h/x?api_key=abc': refused", "GET 'http://h/x?api_key=***': refused"],
    ['srt://h:9000?streamid=#!::r=live,u=me&latency=200', 'srt://h:9000?streamid=***&latency=200'],
    ['srt://h:9000?passphrase=0123456789&pbkeylen=16', 'srt://h:9000?passphrase=***&pbkeylen=16'],
    ['https://b/o?X-Amz-Signature=abc&X-Amz-Expires=60', 'https://b/o?X-Amz-Signature=***&X-Amz-Expires=60'],
    ['https://b/o?%74oken=abc', 'https://b/o?%74oken=***'],
    ['{"url":"http://h/?sig=abc","name":"x"}', '{"url":"http://h/?sig=***","name":"x"}'],
    ['Authorization: Bearer abc.def', 'Authorization: ***'],
    ['authorization: Digest username="me", response="abc"\r\nHost: h', 'authorization: ***\r\nHost: h'],
    ['{"authorization":"Basic YWJj","host":"h"}', '{"authorization":"***","host":"h"}'],
    ['sent Bearer eyJhbGciOiJIUzI1NiJ9.e30.x', 'sent Bearer ***'],
    ['the key weir_01h455vb4pex5vsknk084sn02q_abc is new', 'the key weir_*** is new'],
    ['host=db user=weir password=s3cret dbname=weir', 'host=db user=weir password=*** dbname=weir'],
    ['rtmp://h/app playpath=x pubUser=me pubPasswd=s3cret', 'rtmp://h/app playpath=x pubUser=me pubPasswd=***'],
  ])('%s', (text, safe) => {
    expect(redact(text)).toBe(safe)
  })

  it.each([
    'rtsp://cam.local:554/live?channel=1',
    'http://[::1]:8080/a@b',
    'http://h:8080/@scope/name',
    "listening on 'http://127.0.0.1:8080', mail me@example.com",
    'frame=  100 fps= 25 keyframes=4 speed=1x',
    'http://h/x?keyframe=1&author=me&design=2&bypassed=1',
    'Bearer authentication needed',
    '',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('answers the same for what it has answered', () => {
    fc.assert(fc.property(texts, (text) => redact(redact(text)) === redact(text)))
  })

  it('shows no password of any URL, encoded or raw, wherever the URL stands', () => {
    fc.assert(
      fc.property(
        schemes,
        users,
        secrets,
        hosts,
        paths,
        words,
        words,
        (scheme, user, secret, host, path, before, after) => {
          const shown = redact(`${before} ${scheme}://${user}:${secret}@${host}${path} ${after}`)
          expect(shown).not.toContain(secret)
          expect(shown).toContain(`${scheme}://***@${host}`)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('shows no secret parameter, whatever stands beside it', () => {
    fc.assert(
      fc.property(
        schemes,
        hosts,
        paths,
        secretNames,
        secrets,
        fc.webQueryParameters(),
        (scheme, host, path, name, secret, query) => {
          const encoded = encodeURIComponent(secret)
          for (const parameters of [
            `${name}=${encoded}`,
            `${query}&${name}=${encoded}`,
            `${name}=${encoded}&${query}`,
          ]) {
            expect(redact(`open ${scheme}://${host}${path}?${parameters} failed`)).not.toContain(encoded)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

const schemes = fc.constantFrom('rtsp', 'rtsps', 'rtmp', 'http', 'https', 'srt', 'postgres', 'redis', 'svn+ssh')
const hosts = fc.constantFrom('cam.example.com', '192.0.2.1:554', '[2001:db8::1]:8554', 'localhost')
const paths = fc.constantFrom('', '/', '/live/1', '/Streaming/Channels/101', '/a@b/c')
const users = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,11}$/)
const words = fc.constantFrom('', 'opened', 'failed:', "'quoted'", 'a=b', 'mail@example.com')
const plain = fc.stringMatching(/^[A-Za-z0-9!$%&'()*+,;=:@^_~"[\]-]{4,24}$/)
/** Marked, so that finding one in the answer is never chance. */
const secrets = fc.oneof(
  plain.map((text) => `S3c${text}`),
  fc
    .string({ minLength: 4, unit: 'grapheme' })
    .filter(isEncodable)
    .map((text) => `S3c${encodeURIComponent(text)}`),
)
const secretNames = fc.constantFrom(
  'key',
  'token',
  'access_token',
  'apiKey',
  'pass',
  'password',
  'passphrase',
  'secret',
  'sig',
  'X-Amz-Signature',
  'streamid',
)
const texts = fc.oneof(
  fc.string(),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .tuple(schemes, users, secrets, hosts)
    .map(([scheme, user, secret, host]) => `${scheme}://${user}:${secret}@${host}`),
)

function isEncodable(text: string): boolean {
  return text.isWellFormed()
}
