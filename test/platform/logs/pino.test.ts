import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger, logFormat } from '../../../src/platform/logs/pino.ts'

function capture(format: 'json' | 'pretty' = 'json', level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = []
  const logger = createLogger({ level, format, write: (line) => lines.push(line) })
  return { logger, lines, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> }
}

describe('JSON lines', () => {
  it('have the keys of the contract', () => {
    const { logger, lines, last } = capture()
    const before = Date.now()
    logger.child({ logger: 'streams', streamId: 'stream_1' }).info({ statusCode: 503, durationSeconds: 1.5 }, 'Started')
    expect(lines[0]!.endsWith('}\n')).toBe(true)
    const { timestamp, ...rest } = last()
    expect(Date.parse(timestamp as string)).toBeGreaterThanOrEqual(before)
    expect(rest).toEqual({
      level: 'info',
      logger: 'streams',
      message: 'Started',
      process_id: process.pid,
      service: 'weir',
      status_code: 503,
      extra: { stream_id: 'stream_1', duration_seconds: 1.5 },
    })
  })

  it('are written from the level up that was asked for', () => {
    const { logger, lines } = capture('json', 'warn')
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level]({}, level)
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error', 'fatal'])
  })

  it('nest children, the inner binding wins', () => {
    const { logger, last } = capture()
    logger.child({ logger: 'media', a: 1 }).child({ logger: 'ffmpeg', b: 2 }).warn({ a: 3 }, 'x')
    expect(last()).toMatchObject({ logger: 'ffmpeg', extra: { a: 3, b: 2 } })
  })

  it('carry errors with stack, own fields and causes, redacted', () => {
    const { logger, last } = capture()
    const cause = new Error('rtsp://admin:s3cret@cam refused')
    logger.error({ error: Object.assign(new TypeError('no http://u:s3cret@h', { cause }), { code: 'E1' }) }, 'Failed')
    const { error } = last().extra as { error: Record<string, unknown> }
    expect(error).toMatchObject({ type: 'TypeError', message: 'no http://***@h', code: 'E1' })
    expect(error.stack).toContain('pino.test.ts')
    expect(error.cause).toMatchObject({ message: 'rtsp://***@cam refused' })
    expect(JSON.stringify(last())).not.toContain('s3cret')
  })

  it('take an error as the context', () => {
    const { logger, last } = capture()
    logger.error(new Error('alone'), 'Failed')
    expect(last().extra).toMatchObject({ error: { message: 'alone' } })
  })

  it('leave out what is named like a secret, and keep the ids', () => {
    const { logger, last } = capture()
    logger.info({ adminKey: 'abc', password: 'abc', headers: { cookie: 'abc' }, sessionId: 's1', streamId: 's2' }, 'x')
    expect(last().extra).toEqual({
      admin_key: '***',
      password: '***',
      headers: { cookie: '***' },
      session_id: 's1',
      stream_id: 's2',
    })
  })

  it('are bounded, and no context breaks them', () => {
    const { logger, last, lines } = capture()
    const loop: Record<string, unknown> = {
      big: 10n,
      at: new Date(0),
      bytes: new Uint8Array(9),
      none: null,
      when: new Date(Number.NaN),
    }
    loop.loop = loop
    const hostile = {
      get bad() {
        throw new Error('no')
      },
    }
    logger.info(
      { loop, hostile, list: Array.from({ length: 1000 }, (_, i) => i), text: 'x'.repeat(1e6), fn() {} },
      'x'.repeat(1e6),
    )
    expect(lines[0]!.length).toBeLessThan(40_000)
    expect(last().extra).toMatchObject({
      loop: { big: '10', at: '1970-01-01T00:00:00.000Z', bytes: '9 bytes', none: null, when: null },
      hostile: '[unreadable]',
    })
  })

  it('hold no password, wherever in the context it stands', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9:@$!]{1,20}$/).map((text) => `S3c${text}`),
        fc.object(),
        (secret, object) => {
          const { logger, lines } = capture()
          const url = `rtsp://me:${secret}@cam.example.com/live`
          logger.info(
            { ...object, url, deep: [{ deeper: new Map([['u', new Error(url)]]) }], [url]: 1 },
            `opening ${url}`,
          )
          expect(lines.join('')).not.toContain(secret)
        },
      ),
    )
  })
})

describe('pretty lines', () => {
  it('are for people: no JSON, no process id, stack below', () => {
    const { logger, lines } = capture('pretty')
    logger.child({ logger: 'http' }).info({ port: 8080 }, 'Listening')
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: http: Listening \{"port":8080\}\n$/)
    logger.error({ error: new Error('rtsp://a:s3cret@b') }, 'Failed')
    expect(lines[1]).toContain('pino.test.ts')
    expect(lines[1]).not.toContain('s3cret')
  })

  it('let no text move the cursor', () => {
    const { logger, lines } = capture('pretty')
    logger.info({ text: '\u001b[2J' }, 'a\u001b[31mb\u009b')
    expect(lines[0]).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(lines[0]).toContain('a[31mb')
  })
})

it('LOG_FORMAT auto is pretty on a terminal only', () => {
  expect(logFormat('auto', true)).toBe('pretty')
  expect(logFormat('auto', false)).toBe('json')
  expect(logFormat('json', true)).toBe('json')
})
