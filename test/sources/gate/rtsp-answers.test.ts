import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gateDescription } from '../../../src/sources/gate/rtsp/sdp.ts'
import { answeredTransport } from '../../../src/sources/gate/rtsp/transport.ts'
import { splitSourceUrl } from '../../../src/sources/gate/source-url.ts'

const local = (n: number) => `rtsp://127.0.0.1:1/t/${n}`

describe('a description', () => {
  const lines = (...given: string[]) => ['v=0', ...given, ''].join('\r\n')

  test('names no place but ours', () => {
    const gated = gateDescription(
      lines(
        ...[
          'o=- 1 1 IN IP4 10.0.0.7',
          's=-i /etc/passwd',
          'c=IN IP4 10.0.0.7',
          'a=control:*',
          'a=source-filter: incl IN IP4 * 10.0.0.7',
        ],
        ...['m=video 0 RTP/AVP 96', 'c=IN IP4 169.254.169.254', 'a=rtpmap:96 H264/90000', 'a=control:track1'],
        ...['m=audio 0 RTP/AVP 0', 'a=control:rtsp://10.0.0.7/a', 'm=audio 0 RTP/AVP 8', 'u=http://10.0.0.7/'],
      ),
      'rtsp://camera:554/live?x=1',
      local,
    )!
    expect(gated.sdp).not.toMatch(/10\.0\.0\.7|169\.254|passwd/)
    expect(gated.controls).toEqual([
      'rtsp://camera:554/live?x=1',
      'rtsp://camera:554/live?x=1/track1',
      'rtsp://10.0.0.7/a',
      'rtsp://camera:554/live?x=1',
    ])
    expect(gated.sdp.match(/a=control:.*/g)).toEqual([1, 2, 3].map((n) => `a=control:${local(n)}`))
    expect(gated.sdp).toContain('a=rtpmap:96 H264/90000')
  })

  test('of the whole may have an address of its own', () => {
    const gated = gateDescription(
      lines('a=control:rtsp://inner/x/', 'm=video 0 RTP/AVP 96', 'a=control:t'),
      'rtsp://camera:554/live',
      local,
    )!
    expect(gated.controls).toEqual(['rtsp://inner/x/', 'rtsp://inner/x/t'])
  })

  test('that is too much is none', () => {
    const media = (count: number) => lines(...Array.from({ length: count }, () => 'm=video 0 RTP/AVP 96'))
    expect(gateDescription(media(16), 'b', local)).not.toBeNull()
    expect(gateDescription(media(500), 'b', local)).toBeNull()
    expect(gateDescription(lines(...Array(1000).fill('a=x')), 'b', local)).toBeNull()
    expect(gateDescription(lines(`a=fmtp:${'x'.repeat(5000)}`), 'b', local)).toBeNull()
    expect(gateDescription('<html>', 'b', local)).toBeNull()
  })

  test('holds a control address for each of its media and nothing that we do not know, whatever it holds', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'm=video 0 RTP/AVP 96',
        'a=control:x',
        'a=control:rtsp://h/x y',
        'a=control:',
        'c=IN IP4 1.2.3.4',
      ),
      fc.string({ maxLength: 60 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (given) => {
        const gated = gateDescription(lines(...given), 'rtsp://camera:554/live', local)
        if (!gated) return
        const out = gated.sdp.split('\r\n')
        const media = out.filter((text) => text.startsWith('m=')).length
        expect(out.filter((text) => text.startsWith('a=control:'))).toHaveLength(media)
        expect(gated.controls).toHaveLength(media + 1)
        for (const uri of gated.controls) expect(uri).toMatch(/^\S+$/)
        expect(out.every((text) => text === '' || /^[vostcbma]=/.test(text))).toBe(true)
      }),
    )
  })
})

describe("a camera's answer to SETUP", () => {
  const transports = { TCP: 'RTP/AVP/TCP;unicast;interleaved=2-3', UDP: 'RTP/AVP/UDP;unicast;client_port=5000-5001' }
  test.each([
    [
      'RTP/AVP/TCP;unicast;interleaved=0-1;destination=10.0.0.7;source=10.0.0.8;ssrc=1',
      'TCP',
      'RTP/AVP/TCP;unicast;interleaved=0-1',
    ],
    ['RTP/AVP/TCP;interleaved=0-256', 'TCP', 'RTP/AVP/TCP;unicast;interleaved=2-3'],
    [
      'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;destination=10.0.0.7;source=10.0.0.8',
      'UDP',
      'RTP/AVP;unicast;source=192.0.2.1;client_port=5000-5001;server_port=6000-6001',
    ],
    ['RTP/AVP/UDP;unicast;client_port=5000', 'UDP', 'RTP/AVP;unicast;source=192.0.2.1;client_port=5000'],
  ] as const)('%s', (header, asked, value) => {
    expect(answeredTransport(header, transports[asked], '192.0.2.1')).toEqual({ value })
  })

  test.each([
    ['RTP/AVP;multicast;destination=224.1.1.1;port=5000-5001', 'UDP'],
    ['RTP/AVP/UDP;unicast;client_port=5000-5001', 'TCP'],
    ['RTP/AVP/TCP;interleaved=0-1', 'UDP'],
    ['RAW/RAW/UDP;unicast', 'UDP'],
    ['', 'TCP'],
  ] as const)('%s is refused', (header, asked) => {
    expect(answeredTransport(header, transports[asked], '192.0.2.1')).toHaveProperty('refusal')
  })
})

test.each([
  ['rtsp://h', { scheme: 'rtsp', credentials: null, host: 'h', port: null, rest: '' }],
  [
    'RTSP://u:p%40@[::1]:8554/a?b#c',
    { scheme: 'rtsp', credentials: { user: 'u', password: 'p@' }, host: '::1', port: 8554, rest: '/a?b#c' },
  ],
  [
    'rtsp://a@b:c@h:1/x',
    { scheme: 'rtsp', credentials: { user: 'a@b', password: 'c' }, host: 'h', port: 1, rest: '/x' },
  ],
  [
    'rtsp://u%zz:%C3%A4@h?q',
    { scheme: 'rtsp', credentials: { user: 'u%zz', password: 'ä' }, host: 'h', port: null, rest: '?q' },
  ],
  ['rtsp://h:99999/', null],
  ['rtsp:///x', null],
  ['rtsp://h/a b', null],
  ['rtsp://h/a\r\nX: y', null],
])('the parts of %s', (text, parts) => {
  expect(splitSourceUrl(text)).toEqual(parts)
})
