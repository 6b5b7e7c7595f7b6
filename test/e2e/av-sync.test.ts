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
  const sources = { file: { file: { path: 'flash-beep.mp4' } }, camera: { url: { url: camera.url() } } }
  await Promise.all(
    Object.entries(sources).map(async ([name, source]) => {
      const stream = await weir.liveStream({ name, source })
      await using player = await browser.player()
      await player.playWhep(stream.playback!.whepUrl!)
      const { medianMs, all } = await measureFlashBeep(player, { withinMs })
      console.log(`${name}: beep after flash: ${all.map(Math.round).join(', ')} ms`)
      expect(Math.abs(medianMs), name).toBeLessThan(withinMs)
    }),
  )
})
