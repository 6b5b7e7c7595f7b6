import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { WebServer } from '../../test/support/web-server.ts'
import { Child } from '../support/child.ts'
import type { FarmLog } from './log.ts'

/** A live playlist of five segments, each there at once when its last frame is: media comes in bursts of its length. */
export function startHls(folder: string, clip: string, segmentSeconds: number, log: FarmLog): Child {
  const name = basename(clip, extname(clip))
  const output = [
    ...['-f', 'hls', '-hls_time', String(segmentSeconds), '-hls_list_size', '5'],
    ...['-hls_delete_threshold', '5', '-hls_flags', 'delete_segments+temp_file'],
    ...['-hls_segment_filename', join(folder, `${name}-%d.ts`), join(folder, `${name}.m3u8`)],
  ]
  return new Child(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip, '-c', 'copy', ...output],
    { onUnexpectedEnd: (what) => log.add(`hls ${name}`, what) },
  )
}

/** Serves that folder; what is missing is noted, as a player would get it. */
export function serveFolder(folder: string, log: FarmLog): Promise<WebServer> {
  return WebServer.start((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://farm').pathname)
    readFile(join(folder, name)).then(
      (body) => response.end(body),
      () => {
        log.add('hls', `no ${name}`)
        response.writeHead(404).end()
      },
    )
  })
}
