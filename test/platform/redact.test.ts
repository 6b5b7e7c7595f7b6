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
    ['rtmp://h/app playpath=x pubUser=me pubPasswd=s3cret', 'rtmp://h/app playpath=*** pubUser=me pubPasswd=***'],
    ['rtmp://h:1935/live/cam1?x=1', 'rtmp://h:1935/live/***?x=1'],
    ["Opening 'rtmps://h/live/a/cam1' failed", "Opening 'rtmps://h/live/***' failed"],
    ['rtmp://h/app/k1|rtmp://h/app/k2', 'rtmp://h/app/***rtmp://h/app/***'],
    ['https://h/a,rtmp://h/app/k2', 'https://h/a,rtmp://h/app/***'],
    ['https://hooks.example.com/services/T0/B0/x', 'https://hooks.example.com/***'],
    ['https://discord.example/api/webhooks/123/abc?wait=1', 'https://discord.example/api/webhooks/***?wait=1'],
    ['http://h/cam/aB3dEfGh1JkLmN0pQrStUv/index.m3u8', 'http://h/cam/***/index.m3u8'],
    ['http://h/x#access', 'http://h/x#***'],
    ["GET 'http://h/x#access'.", "GET 'http://h/x#***'."],
    ['rtsp://:s3cret@h/x', 'rtsp://***@h/x'],
    ['rtsp://:/s3cret@h/x', 'rtsp://***@h/x'],
    ['http://h/?next=rtsp%3A%2F%2Fme%3As3cret%40cam%2Fx', 'http://h/?next=rtsp%3A%2F%2F***'],
    ['GET /hls/rtsp%3A%2F%2F%3As3cret%40cam%2Fx/index.m3u8', 'GET /hls/rtsp%3A%2F%2F***/index.m3u8'],
    ['http://h/x?a=1;token=abc&b=2', 'http://h/x?a=1;token=***&b=2'],
    ['X-Pulse-Key: abc', 'X-Pulse-Key: ***'],
    ['{"x-api-key":"abc","a":1}', '{"x-api-key":"***","a":1}'],
    ['Cookie: a=b; c=d', 'Cookie: ***'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln and more', 'got *** and more'],
    ['{ name: "x", apiKey: "abc", n: 1 }', '{ name: "x", apiKey: "***", n: 1 }'],
    ['{"password":"a\\"b","name":"x"}', '{"password":"***","name":"x"}'],
    ['{"body":"{\\"token\\":\\"abc\\",\\"a\\":\\"b\\"}"}', '{"body":"{\\"token\\":\\"***\\",\\"a\\":\\"b\\"}"}'],
    ["{ password: 'a b', c: 1 }", '{ password: ***, c: 1 }'],
    ['Bearer OnlyLettersButMixed', 'Bearer ***'],
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
    'http://h/whep/stream_01h455vb4pex5vsknk084sn02q',
    'http://h/550e8400-e29b-41d4-a716-446655440000/index.m3u8',
    'rtmp://h/live',
    'the colour #fff of item #12',
    '',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text)
  })

  it('answers the same for what it has answered', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(redact(redact(text))).toBe(redact(text))
      }),
      { numRuns: 5000 },
    )
  })

  it('shows none of the secrets of a URL, however many it has and wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(places, { minLength: 1, maxLength: 4 }), words, words, (parts, before, after) => {
        for (const { url, secret } of parts) {
          const shown = redact(`${before} '${parts.map((part) => part.url).join(' ')}' ${after} {"url":"${url}"}`)
          expect(shown).not.toContain(secret.replaceAll('.', '-'))
          expect(shown).not.toContain(secret)
        }
      }),
      { numRuns: 3000 },
    )
  })

  // By growth: 32 times the text takes 32 times as long, where a pattern that goes back over it takes 1,024 times. Measured again where
  // a pause of the machine may have come in between.
  it('takes time in proportion to the text, whatever it is made of', { timeout: 240_000 }, () => {
    const timeMs = (text: string) => {
      const start = performance.now()
      redact(text)
      return performance.now() - start
    }
    const slow = hostile.flatMap((first) =>
      hostile
        .map((second) => first + second)
        .filter((piece) => {
          const [small, large] = [2_000, 64_000].map((length) => piece.repeat(length / piece.length))
          let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
          for (let time = 0; time < 8; time++) {
            least = Math.min(least, timeMs(small!))
            most = Math.min(most, timeMs(large!))
            if (most / least < 200) return false
          }
          return true
        }),
    )
    expect(slow).toEqual([])
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

/** Pieces of which long texts are made against the patterns. */
const hostile = [
  ...[
    'a',
    'a://',
    'a://u:',
    'rtmp://',
    '@',
    '/',
    '?',
    '#',
    ';',
    '&',
    '=',
    ' ',
    ':',
    '"',
    '\\"',
    "'",
    '\\',
    '*',
    '-',
    '_',
    '%',
  ],
  ...[
    'token=',
    'token:',
    'x',
    'password=',
    "password='",
    'a=b',
    '%3A%2F%2F',
    'a%3A%2F%2F',
    '%40',
    'eyJ',
    'eyJaaaaaaaa',
    '.',
  ],
  ...[
    'bearer ',
    'authorization: ',
    'authorization',
    'x-a-',
    'x-key',
    'weir_',
    'cookie',
    'webhooks/',
    'aB3',
    'key',
    '\n',
  ],
]
/** A URL with one marked secret. */
const places = fc
  .tuple(
    fc.constantFrom('user', 'path', 'query', 'fragment', 'hook', 'chance', 'v6', 'empty'),
    fc.stringMatching(/^[A-Za-z0-9._~-]{4,20}$/),
    fc.constantFrom('cam.example.com', '192.0.2.1:554', '[2001:db8::1]:8554', 'localhost'),
  )
  .map(([place, text, host]) => {
    const secret = `S3c${text}`
    const url = {
      user: `rtsp://ad.min%40corp:${secret}@${host}/live?channel=1`,
      empty: `rtsp://:${secret}@${host}/live`,
      path: `rtmp://${host}/app/${secret}?x=1`,
      query: `https://${host}/a?x=1&access_token=${secret}&y=2`,
      fragment: `https://${host}/a?x=1#${secret}`,
      hook: `https://hooks.example.com/services/T1/B2/${secret}`,
      chance: `http://${host}/live/${secret.replaceAll('.', '-')}aB3dEfGh1JkLmN0pQrStUv/a.m3u8`,
      v6: `srt://[2001:db8::1]:9000?mode=caller&passphrase=${secret}`,
    }[place]
    return { url, secret }
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
  fc.array(fc.constantFrom(...hostile), { maxLength: 12 }).map((pieces) => pieces.join('')),
  places.map(({ url }) => url),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .tuple(schemes, users, secrets, hosts)
    .map(([scheme, user, secret, host]) => `${scheme}://${user}:${secret}@${host}`),
)

function isEncodable(text: string): boolean {
  return text.isWellFormed()
}
