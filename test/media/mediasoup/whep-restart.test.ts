import '../../support/worker.ts'

import { expect, onTestFinished, test } from 'vitest'
import type { SessionMethods, WhepPatched } from '../../../src/consumers/media.ts'
import { newId } from '../../../src/ids.ts'
import { Browser } from '../../support/chromium.ts'
import { newRef, openWhep, producerSpecs, startPool } from '../../support/media-bed.ts'
import { RtpSender } from '../../support/rtp-sender.ts'
import { chromiumOffer } from './offers.ts'

/** What a restart is answered. */
type Restarted = Exclude<WhepPatched, string | null>

declare global {
  interface Window {
    openWhep(offer: string): ReturnType<SessionMethods['openWhep']>
    patch(fragment: string): Promise<Restarted>
    peer: RTCPeerConnection
  }
}

async function poolWithVideo() {
  const pool = await startPool()
  onTestFinished(() => pool.close())
  const media = await pool.openStream(newId('Stream'), producerSpecs('VIDEO', 'AUDIO'))
  return { pool, media, streamId: media.streamId }
}

test('Chromium restarts ICE by a PATCH, and goes on under the new credentials', async () => {
  const { pool, media, streamId } = await poolWithVideo()
  await using _sender = new RtpSender({ VIDEO: await media.rtpTarget('VIDEO'), AUDIO: await media.rtpTarget('AUDIO') })
  await using browser = await Browser.launch()
  await using player = await browser.player()
  const ref = newRef()
  const { page } = player
  await page.exposeFunction('openWhep', (offer: string) => pool.sessions.openWhep({ ...ref, streamId, offer }))
  await page.exposeFunction('patch', (fragment: string) => pool.sessions.patchWhep({ ...ref, fragment }))
  await page.evaluate(async () => {
    const peer = new RTCPeerConnection()
    window.peer = peer
    peer.addTransceiver('video', { direction: 'recvonly' })
    peer.addEventListener('track', ({ track }) => {
      document.querySelector('video')!.srcObject = new MediaStream([track])
    })
    await peer.setLocalDescription(await peer.createOffer())
    const { answer } = await window.openWhep(peer.localDescription!.sdp)
    await peer.setRemoteDescription({ type: 'answer', sdp: answer })
  })
  await player.waitForPicture(10)

  const etag = await page.evaluate(async () => {
    const { peer } = window
    const offer = await peer.createOffer({ iceRestart: true })
    const credentials = offer.sdp!.match(/a=ice-(ufrag|pwd):.*\r\n/g)!.slice(0, 2)
    await peer.setLocalDescription(offer)
    const patched = await window.patch(`${credentials.join('')}m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n`)
    const fresh = (name: string) => patched.fragment.match(new RegExp(`a=${name}:.*\r\n`))![0]
    const sdp = peer
      .remoteDescription!.sdp.replaceAll(/a=ice-ufrag:.*\r\n/g, fresh('ice-ufrag'))
      .replaceAll(/a=ice-pwd:.*\r\n/g, fresh('ice-pwd'))
    await peer.setRemoteDescription({ type: 'answer', sdp })
    return patched.etag
  })
  const inUse = () =>
    page.evaluate(async () => {
      const reports = [...(await window.peer.getStats()).values()]
      const { selectedCandidatePairId } = reports.find(({ type }) => type === 'transport')
      const pair = reports.find(({ id }) => id === selectedCandidatePairId)
      return `"${reports.find(({ id }) => id === pair?.remoteCandidateId)?.usernameFragment}"`
    })
  await expect.poll(inUse, { timeout: 20_000 }).toBe(etag)
  await player.waitForPicture(30)
})

test('a fragment is checked; trickled candidates have nothing to tell, new credentials restart ICE once', async () => {
  const { pool, streamId } = await poolWithVideo()
  const { ref, etag } = await openWhep(pool, streamId, chromiumOffer)
  const patch = (fragment: string, ifMatch: string | null = null) =>
    pool.sessions.patchWhep({ ...ref, fragment, ifMatch })
  const ufrag = /a=ice-ufrag:(.*)\r\n/.exec(chromiumOffer)![1]!
  const credentials = (name: string) => `a=ice-ufrag:${name}\r\na=ice-pwd:0123456789abcdefghijkl\r\n`
  const section = (mid: number, candidate: string) =>
    `m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:${mid}\r\na=candidate:${candidate}\r\na=end-of-candidates\r\n`
  const candidate = '1 1 udp 2130706431 192.0.2.7 50000 typ host generation 0 ufrag abcd network-cost 999'
  expect(await patch(credentials(ufrag) + section(0, candidate))).toBeNull()
  const restarted = (await patch(credentials('next'))) as Restarted
  expect(restarted.etag).not.toBe(etag)
  expect(restarted.fragment).toMatch(/^a=ice-lite\r\na=group:BUNDLE 0 1\r\nm=video .*\r\n/)
  expect(restarted.fragment).toMatch(/a=candidate:udp0 1 udp .* 127\.0\.0\.1 .* typ host\r\n/)
  expect(await patch(credentials('next') + section(1, candidate))).toBeNull()
  expect(await patch(credentials('next'), '*')).toEqual(restarted)
  expect(await patch(credentials('next'), restarted.etag)).toBeNull()
  expect(await patch(credentials('third'), etag)).toBe('OUTDATED')
  await expect(patch(credentials(ufrag) + section(0, candidate))).rejects.toMatchObject({ code: 'CONFLICT' })
  const wrong = [
    '',
    'garbage',
    'v=0\r\n',
    'a=ice-ufrag:next\r\n',
    credentials('a'),
    credentials('next') + credentials('other'),
    credentials('next') + section(7, candidate),
    credentials('next') + section(0, '1 1 udp nobody'),
    credentials('next') + section(0, candidate).repeat(200),
  ]
  for (const fragment of wrong) await expect(patch(fragment)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
})
