import { type ChildProcess, spawn } from 'node:child_process'
import { initName, listName, segmentPattern } from '../../../src/media/segments/names.ts'

export interface Writer {
  process: ChildProcess
  exited: Promise<void>
}

/** A real FFmpeg that writes a test pattern with a tone as segments of a second, at its own speed, until it is killed. */
export function startWriter(folder: string, size = '320x180'): Writer {
  const args = `-v error -nostdin
    -re -f lavfi -i testsrc2=size=${size}:rate=25
    -re -f lavfi -i sine=frequency=440:sample_rate=48000
    -map 0:v -c:v libx264 -preset ultrafast -tune zerolatency -bf 0 -g 25 -pix_fmt yuv420p
    -map 1:a -c:a aac -b:a 64k
    -f hls -hls_segment_type fmp4 -hls_time 1 -hls_list_size 10 -hls_flags temp_file
    -hls_fmp4_init_filename ${initName} -hls_segment_filename ${segmentPattern} ${listName}`
  const process = spawn('ffmpeg', args.trim().split(/\s+/), { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] })
  const exited = new Promise<void>((resolve) => process.on('exit', () => resolve()))
  return { process, exited }
}
