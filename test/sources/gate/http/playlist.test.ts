import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAttributes } from '../../../../src/sources/gate/http/attributes.ts'
import { type Role, rewritePlaylist } from '../../../../src/sources/gate/http/playlist.ts'

const base = new URL('http://cdn.example/live/list.m3u8?token=abc')
const gateAddress = 'http://127.0.0.1:4000/0123/'

/** What comes out, and every address that was made one of ours. */
function rewrite(text: string, depth = 1) {
  const named: [string, Role][] = []
  const rewritten = rewritePlaylist(text, {
    base,
    ancestors: [base.href],
    depth,
    address(url, role) {
      named.push([url.href, role])
      return `${gateAddress}${named.length}`
    },
  })
  return { rewritten, named, text: 'text' in rewritten ? rewritten.text : '' }
}

const media = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-KEY:METHOD=AES-128,URI="keys/1.key",IV=0x01
#EXT-X-MAP:URI="/init.mp4",BYTERANGE="100@0"
#EXTINF:4.0,a title
#EXT-X-BYTERANGE:10@20
seg1.ts?token=x
#EXT-X-DISCONTINUITY
#EXTINF:4,
https://other.example/seg2.ts
#EXT-X-ENDLIST
`
const master = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="audio.m3u8"
#EXT-X-SESSION-KEY:METHOD=AES-128,URI="../session.key"
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="iframes.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"
//mirror.example/v.m3u8
`

describe('every address becomes one of ours', () => {
  test('of a media playlist', () => {
    const { named, text } = rewrite(media)
    expect(named).toEqual([
      ['http://cdn.example/live/keys/1.key', 'KEY'],
      ['http://cdn.example/init.mp4', 'MAP'],
      ['http://cdn.example/live/seg1.ts?token=x', 'SEGMENT'],
      ['https://other.example/seg2.ts', 'SEGMENT'],
    ])
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-KEY:METHOD=AES-128,IV=0x01,URI="${gateAddress}1"
#EXT-X-MAP:BYTERANGE=100@0,URI="${gateAddress}2"
#EXTINF:4.0,
#EXT-X-BYTERANGE:10@20
${gateAddress}3
#EXT-X-DISCONTINUITY
#EXTINF:4,
${gateAddress}4
#EXT-X-ENDLIST
`)
  })

  test('of a list of playlists', () => {
    const { named, text } = rewrite(master)
    expect(named).toEqual([
      ['http://cdn.example/live/audio.m3u8', 'PLAYLIST'],
      ['http://cdn.example/session.key', 'KEY'],
      ['http://cdn.example/live/iframes.m3u8', 'PLAYLIST'],
      ['http://mirror.example/v.m3u8', 'PLAYLIST'],
    ])
    expect(text).toContain('CODECS="avc1.4d401f,mp4a.40.2"')
  })

  const word = fc.oneof(
    fc.constantFrom(
      '#EXTM3U',
      '#EXTINF:1,',
      '#EXT-X-KEY:METHOD=AES-128,URI=',
      '#EXT-X-MAP:URI="',
      '#EXT-X-STREAM-INF:',
    ),
    fc.constantFrom(
      '"',
      ',',
      '=',
      '\n',
      '\r',
      '\r\n',
      ' ',
      '\0',
      '#',
      'file:///etc/passwd',
      'URI=',
      "URI='x'",
      '\ufeff',
    ),
    fc.constantFrom(
      'http://10.0.0.1/k',
      'crypto+file:/x',
      'concat:a|b',
      'subfile,,start,0,,:/etc/passwd',
      '//h/x',
      'x.ts',
    ),
    fc.string({ maxLength: 12 }),
  )
  test('whatever the text: what comes out names nothing but us', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const { text } = rewrite(`#EXTM3U\n${words.join('')}`)
        for (const line of text.split('\n')) {
          if (line === '') continue
          if (!line.startsWith('#')) expect(line.startsWith(gateAddress)).toBe(true)
          // FFmpeg's own readers take a URI wherever one stands: none but ours stands anywhere.
          for (const [, uri] of line.matchAll(/URI=\s*"?([^",]*)/gi)) expect(uri!.startsWith(gateAddress)).toBe(true)
          expect(line).not.toMatch(/\r|\0|file:|crypto|concat:|subfile/)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test.each<[string, string, string]>([
  ['a file', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'BLOCKED'],
  ['files in one', '#EXTM3U\n#EXTINF:1,\nconcat:/etc/passwd|/etc/group\n', 'BLOCKED'],
  ['a part of a file', '#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,9,,:/etc/passwd\n', 'ok'],
  ['what is encrypted by name', '#EXTM3U\n#EXTINF:1,\ncrypto+file:/etc/passwd\n', 'BLOCKED'],
  ['data', '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain;base64,AAAA"\n', 'BLOCKED'],
  ['another protocol', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nrtsp://10.0.0.1/x\n', 'BLOCKED'],
  ['itself', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8?token=abc\n', 'REDIRECT_LOOP'],
  ['itself as a piece', '#EXTM3U\n#EXTINF:1,\nlist.m3u8?token=abc#1\n', 'REDIRECT_LOOP'],
  ['no address', '#EXTM3U\n#EXTINF:1,\nhttp://[/\n', 'UNSUPPORTED'],
  ['too many', `#EXTM3U\n${'#EXTINF:1,\ns.ts\n'.repeat(50_000)}`, 'UNSUPPORTED'],
  ['a million lines', `#EXTM3U\n${'#\n'.repeat(1_000_000)}`, 'UNSUPPORTED'],
  ['nothing', '<html>', 'UNSUPPORTED'],
])('a playlist that names %s', (_, text, expected) => {
  const { rewritten } = rewrite(text)
  expect('cause' in rewritten ? rewritten.cause : 'ok').toBe(expected)
})

test('a list of lists below a list of lists is a way round', () => {
  expect(rewrite(master, 2).rewritten).toMatchObject({ cause: 'REDIRECT_LOOP' })
  expect(rewrite(media, 2).text).not.toBe('')
})

test('attributes are read as they stand', () => {
  expect([...readAttributes('A=1, B="x,y" ,C=z,broken,D=')]).toEqual([
    ['A', '1'],
    ['B', 'x,y'],
    ['C', 'z'],
    ['D', ''],
  ])
})
