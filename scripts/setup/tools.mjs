import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findCommand } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'

/** @typedef {import('./apt.mjs').Need} Need */

/** What Weir itself runs. `override` is the environment variable that names another program. */
const mediaTools = [
  { command: 'ffmpeg', override: 'FFMPEG_PATH', why: 'reads, transcodes and sends every stream', packages: ['ffmpeg'] },
  { command: 'ffprobe', override: 'FFPROBE_PATH', why: 'finds out which tracks a source has', packages: ['ffmpeg'] },
]

/** Linux alone has it, and there nothing that Weir starts may outlive it. */
const setpriv = { what: 'setpriv', why: 'ends FFmpeg with the server, however that ends', packages: ['util-linux'] }

/**
 * What Weir itself runs, where it is missing.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ find?: (names: readonly string[]) => string | null, platform?: string }} machine
 * @returns {Need[]}
 */
export function missingMediaTools(
  env,
  { find = (names) => findCommand(names, env), platform = process.platform } = {},
) {
  const needs = mediaTools.flatMap(({ command, override, why, packages }) => {
    const given = env[override]
    if (given && !find([given])) {
      throw new SetUpError(`${override} is ${given}, which is no program that can be run. Correct it or leave it out.`)
    }
    return given || find([command]) ? [] : [{ what: command, why, packages }]
  })
  return platform === 'linux' && !find(['setpriv']) ? [...needs, setpriv] : needs
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser of the end-to-end tests, or null. */
export const findBrowser = () => findCommand(browsers)

const testCommands = [
  {
    commands: browsers,
    why: 'plays the streams in the end-to-end tests',
    packages: ['chromium'],
  },
  { commands: ['redis-server', 'valkey-server'], why: 'the bus is tested on a real one', packages: ['redis-server'] },
  { commands: ['nginx'], why: 'an RTMP server to read from', packages: ['nginx', 'libnginx-mod-rtmp'] },
  { commands: ['promtool'], why: 'checks what /metrics says', packages: ['prometheus'] },
]

const rtmpModules = ['/usr/lib/nginx/modules/ngx_rtmp_module.so', '/usr/lib64/nginx/modules/ngx_rtmp_module.so']

/** Elements of GStreamer that the tests' cameras and their WHEP player are made of, with the package that each shows to be there. */
const gstreamerElements = {
  videotestsrc: 'gstreamer1.0-plugins-base',
  rtph264pay: 'gstreamer1.0-plugins-good',
  h264parse: 'gstreamer1.0-plugins-bad',
  x264enc: 'gstreamer1.0-plugins-ugly',
  avenc_aac: 'gstreamer1.0-libav',
  nicesrc: 'gstreamer1.0-nice',
}

const gstreamerBase = [
  'gir1.2-gst-rtsp-server-1.0',
  'gir1.2-gst-plugins-bad-1.0',
  'python3-gi',
  'gstreamer1.0-tools',
  ...Object.values(gstreamerElements),
]

/** Debian's own Python, the one that its packages of bindings are for. */
const systemPython = '/usr/bin/python3'

/** The packages that GStreamer's RTSP server and webrtcbin lack here. */
function missingGstreamer() {
  const script = `
import gi
gi.require_version('GstRtspServer', '1.0')
gi.require_version('GstWebRTC', '1.0')
from gi.repository import Gst, GstRtspServer, GstWebRTC
Gst.init(None)
print(' '.join(name for name in '${Object.keys(gstreamerElements).join(' ')}'.split() if not Gst.ElementFactory.find(name)))`
  const { status, stdout } = spawnSync(systemPython, ['-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  })
  if (status !== 0) return existsSync(systemPython) ? gstreamerBase : ['python3', ...gstreamerBase]
  const missing = new Set(stdout.trim().split(' '))
  return Object.entries(gstreamerElements).flatMap(([element, debianPackage]) =>
    missing.has(element) ? [debianPackage] : [],
  )
}

/**
 * What only the tests need, where it is missing.
 * @param {(names: readonly string[]) => string | null} find
 * @param {{ exists?: (path: string) => boolean, gstreamer?: () => string[] }} seen
 * @returns {Need[]}
 */
export function missingTestTools(find = findCommand, { exists = existsSync, gstreamer = missingGstreamer } = {}) {
  const needs = testCommands.flatMap(({ commands, why, packages }) =>
    find(commands) ? [] : [{ what: commands[0] ?? '', why, packages }],
  )
  if (find(['nginx']) && !rtmpModules.some(exists)) {
    needs.push({ what: "nginx's RTMP module", why: 'an RTMP server to read from', packages: ['libnginx-mod-rtmp'] })
  }
  const packages = gstreamer()
  if (packages.length > 0)
    needs.push({ what: 'GStreamer', why: 'the cameras of the tests, and a WHEP player', packages })
  return needs
}
