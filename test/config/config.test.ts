import { describe, expect, it } from 'vitest'
import { formatHelp } from '../../src/config/help.ts'
import { settings } from '../../src/config/settings.ts'
import { ConfigError, readConfig } from '../../src/config.ts'

function failure(env: Record<string, string>): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the settings were accepted')
}

describe('readConfig', () => {
  it('gives the defaults for an empty environment, frozen', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: './data',
      mediaDir: './media',
      databaseUrl: null,
      adminKey: null,
      demo: true,
      publicHealth: true,
      publicPlayback: true,
      webrtcPort: 40000,
      mediasoupWorkers: null,
      ffmpegCheckIntervalSeconds: 1,
      streamFreezeTimeoutSeconds: 5,
      segmentSeconds: 2,
      logLevel: 'info',
      metricsPort: null,
      metricsPath: '/metrics',
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('takes an empty value as not given', () => {
    expect(readConfig({ PORT: '', REDIS_URL: ' ', DEMO: '' })).toEqual(readConfig({}))
  })

  it('ignores what it does not know, also when it is nearly the name of a setting', () => {
    expect(readConfig({ PUBLIC_URI: 'nonsense', PROT: 'x' })).toEqual(readConfig({}))
  })

  it.each([
    ['5', 5],
    ['5s', 5],
    ['1m', 60],
    ['1500ms', 1.5],
    ['0.5m', 30],
    ['1h', 3600],
  ])('reads the duration %s as %s seconds', (text, seconds) => {
    expect(readConfig({ STREAM_FREEZE_TIMEOUT: text }).streamFreezeTimeoutSeconds).toBe(seconds)
  })

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['yes', true],
    ['off', false],
    ['0', false],
    ['False', false],
  ])('reads the flag %s', (text, value) => {
    expect(readConfig({ DEMO: text }).demo).toBe(value)
  })

  it('reads lists, origins and log levels', () => {
    const config = readConfig({
      WEBRTC_ANNOUNCED_ADDRESS: '203.0.113.7, video.example.com,2001:db8::1',
      PUBLIC_URL: 'https://video.example.com/',
      LOG_LEVEL: 'WARNING',
      HOST: '::',
      FFMPEG_PORT_RANGE: '10000-10999',
    })
    expect(config.ffmpegPorts).toEqual({ min: 10000, max: 10999 })
    expect(config.webrtcAnnouncedAddresses).toEqual(['203.0.113.7', 'video.example.com', '2001:db8::1'])
    expect(Object.isFrozen(config.webrtcAnnouncedAddresses)).toBe(true)
    expect(config.publicUrl).toBe('https://video.example.com')
    expect(config.logLevel).toBe('warn')
    expect(config.host).toBe('::')
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['HOST', 'a b'],
    ['HOST', 'http://localhost'],
    ['PUBLIC_URL', 'video.example.com'],
    ['PUBLIC_URL', 'https://video.example.com/path'],
    ['PUBLIC_URL', 'https://video.example.com/?a=b'],
    ['DATABASE_URL', 'mysql://localhost/weir'],
    ['DATABASE_URL', 'postgres:weir'],
    ['REDIS_URL', 'localhost:6379'],
    ['ADMIN_KEY', 'fifteen-letters'],
    ['ADMIN_KEY', 'sixteen letters and spaces'],
    ['DEMO', 'maybe'],
    ['WEBRTC_ANNOUNCED_ADDRESS', '203.0.113.7,,'],
    ['WEBRTC_LISTEN_IP', 'eth0'],
    ['MEDIASOUP_WORKERS', '0'],
    ['STREAM_FREEZE_TIMEOUT', '5 s'],
    ['STREAM_FREEZE_TIMEOUT', '0'],
    ['SEGMENT_SECONDS', '1d'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['METRICS_PATH', 'metrics'],
    ['FFMPEG_PORT_RANGE', '20000'],
    ['FFMPEG_PORT_RANGE', '20000-20010'],
    ['FFMPEG_PORT_RANGE', '25999-20000'],
    ['NODE_NAME', 'two words'],
    ['NODE_ENV', 'staging'],
  ])('refuses %s=%s and says what it expects', (name, given) => {
    const { bad, message } = failure({ [name]: given })
    expect(bad.map((setting) => setting.name)).toEqual([name])
    expect(message).toContain(`${name}: `)
    expect(message).toContain(`expected ${Object.values(settings).find(({ env }) => env === name)!.schema.description}`)
  })

  it('names every bad setting at once', () => {
    const { bad, message } = failure({ PORT: 'x', DEMO: 'maybe', SEGMENT_SECONDS: 'long', HOST: 'localhost' })
    expect(bad.map(({ name }) => name)).toEqual(['PORT', 'DEMO', 'SEGMENT_SECONDS'])
    expect(message).toContain('3 settings can not be used')
    expect(message).toContain('PORT: "x" was given, expected a port number')
  })

  it('shows no secret and no credentials', () => {
    const { message, bad } = failure({
      ADMIN_KEY: 'short-s3cret',
      DATABASE_URL: 'mysql://weir:s3cret@db/weir',
      REDIS_URL: 'http://:s3cret@db',
      PUBLIC_URL: 'https://me:s3cret@example.com',
    })
    expect(bad).toHaveLength(4)
    expect(`${message}${JSON.stringify(bad)}`).not.toContain('s3cret')
  })

  it('cuts a long value', () => {
    expect(failure({ PORT: '9'.repeat(100_000) }).message.length).toBeLessThan(300)
  })

  it('refuses settings that contradict each other', () => {
    expect(failure({ PORT: '9000', METRICS_PORT: '9000' }).bad).toEqual([
      { name: 'METRICS_PORT', given: '"9000"', expected: 'another port than PORT' },
    ])
    expect(failure({ WEBRTC_PORT: '65535', MEDIASOUP_WORKERS: '2' }).bad.map(({ name }) => name)).toEqual([
      'WEBRTC_PORT',
    ])
    expect(failure({ FFMPEG_PORT_RANGE: '30000-32000' }).bad.map(({ name }) => name)).toEqual(['MEDIASOUP_PORT_RANGE'])
    expect(readConfig({ PORT: '0', METRICS_PORT: '0' }).metricsPort).toBe(0)
  })
})

describe('the table of settings', () => {
  it('has each name once, and a way to say what is expected', () => {
    const all = Object.values(settings)
    expect(new Set(all.map(({ env }) => env)).size).toBe(all.length)
    for (const setting of all) expect(setting.schema.description, setting.env).toMatch(/\w/)
  })

  it('says what happens without a value where there is no default', () => {
    for (const setting of Object.values(settings)) {
      expect(setting.default !== null || 'unset' in setting, setting.env).toBe(true)
    }
  })
})

describe('formatHelp', () => {
  const lines = formatHelp().split('\n')

  it('lists every setting with its default, in 100 columns', () => {
    for (const setting of Object.values(settings)) {
      expect(lines.filter((line) => line.startsWith(`  ${setting.env} `))).toHaveLength(1)
      if (setting.default !== null) expect(formatHelp()).toContain(`[${setting.default}]`)
    }
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('aligns the meanings', () => {
    const columns = lines
      .filter((line) => /^ {2}[A-Z_]+ /.test(line))
      .map((line) => line.search(/(?<= {2})\S+(?!_)\b [\w/]/))
    expect(columns.length).toBe(Object.keys(settings).length)
    expect(new Set(lines.filter((line) => /^ {3,}\S/.test(line)).map((line) => line.search(/\S/))).size).toBe(1)
  })
})
