import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCamera } from '../support/camera.ts'
import { Browser } from '../support/chromium.ts'
import { makeFlashBeepFile, measureFlashBeep } from '../support/flash-beep.ts'
import { Weir } from '../support/weir.ts'

/** As the issue orders it. */
const withinMs = 80

test('a flash and its beep stay together from a file, and from a camera, by WebRTC', async () => {
  await using weir = await Weir.start()
  await using browser = await Browser.launch()
  await mkdir(weir.mediaDir, { recursive: true })
  const file = join(weir.mediaDir, 'flash-beep.mp4')
  await makeFlashBeepFile(file)
  await using camera = await startCamera({ file })
  for (const source of [{ file: { path: 'flash-beep.mp4' } }, { url: { url: camera.url() } }]) {
    const stream = await weir.liveStream({ name: 'Clapper', source })
    await using player = await browser.player()
    await player.playWhep(stream.playback!.whepUrl!)
    await player.waitForFrames(25)
    const { medianMs, offsetsMs } = await measureFlashBeep(player)
    console.log(`${Object.keys(source)[0]}: beep after flash: ${offsetsMs.map(Math.round).join(', ')} ms`)
    expect(Math.abs(medianMs)).toBeLessThan(withinMs)
    await weir.deleteStream(stream.id)
  }
})
