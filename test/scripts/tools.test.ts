import { describe, expect, it } from 'vitest'
import { howToInstall } from '../../scripts/setup/apt.mjs'
import { missingMediaTools, missingTestTools } from '../../scripts/setup/tools.mjs'

const having =
  (...commands: string[]) =>
  (names: readonly string[]) =>
    names.find((name) => commands.includes(name)) ?? null

describe('missingMediaTools', () => {
  const missing = (env: Record<string, string>, platform: string, ...commands: string[]) =>
    missingMediaTools(env, { find: having(...commands), platform }).map(({ what }) => what)

  it('is content with commands on the PATH or named by the settings', () => {
    expect(missing({}, 'linux', 'ffmpeg', 'ffprobe', 'setpriv')).toEqual([])
    expect(missing({ FFMPEG_PATH: '/opt/ffmpeg' }, 'darwin', '/opt/ffmpeg', 'ffprobe')).toEqual([])
  })

  it('names what is missing', () => {
    expect(missing({}, 'linux', 'ffmpeg')).toEqual(['ffprobe', 'setpriv'])
    expect(missing({}, 'darwin')).toEqual(['ffmpeg', 'ffprobe'])
  })

  it('does not replace a program that the settings name wrongly', () => {
    expect(() => missing({ FFPROBE_PATH: '/opt/no' }, 'linux', 'ffmpeg', 'ffprobe')).toThrow(
      /FFPROBE_PATH is \/opt\/no/,
    )
  })
})

describe('missingTestTools', () => {
  const all = having('google-chrome', 'redis-server', 'nginx', 'promtool')

  it('finds nothing missing where any of the known browsers and all the rest are there', () => {
    expect(missingTestTools(all, { exists: () => true, gstreamer: () => [] })).toEqual([])
  })

  it('wants the RTMP module of an nginx that has none, and the plugins that GStreamer lacks', () => {
    const needs = missingTestTools(all, { exists: () => false, gstreamer: () => ['gstreamer1.0-libav'] })
    expect(needs.map(({ packages }) => packages)).toEqual([['libnginx-mod-rtmp'], ['gstreamer1.0-libav']])
  })

  it('wants everything on a bare machine', () => {
    const packages = missingTestTools(() => null, { exists: () => false, gstreamer: () => [] }).flatMap(
      (need) => need.packages,
    )
    expect(packages).toEqual(
      expect.arrayContaining(['chromium', 'redis-server', 'nginx', 'libnginx-mod-rtmp', 'prometheus']),
    )
  })
})

describe('howToInstall', () => {
  const needs = [
    { what: 'ffmpeg', why: 'reads streams', packages: ['ffmpeg'] },
    { what: 'ffprobe', why: 'finds tracks', packages: ['ffmpeg'] },
  ]

  it('says what, why, and one command with each package once', () => {
    const text = howToInstall(needs, { apt: true, root: false })
    expect(text).toContain('ffprobe: finds tracks')
    expect(text).toMatch(/sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg$/m)
  })

  it('says a reason once', () => {
    const builders = ['cmake', 'ninja'].map((what) => ({ what, why: 'builds', packages: [what] }))
    expect(howToInstall(builders, { apt: true, root: true })).toContain('cmake, ninja: builds')
  })

  it('has no sudo for root and no command where there is no apt', () => {
    expect(howToInstall(needs, { apt: true, root: true })).not.toContain('sudo')
    expect(howToInstall(needs, { apt: false, root: false })).not.toContain('apt-get')
  })
})
