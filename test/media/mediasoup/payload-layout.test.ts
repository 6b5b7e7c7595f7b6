import '../../support/worker.ts'

import * as ortc from 'mediasoup/ortc'
import { expect, test } from 'vitest'
import { layoutKey, layoutOf, viewerRouterCodecs } from '../../../src/media/mediasoup/payload-layout.ts'
import { chooseMedia, parseWhepOffer } from '../../../src/media/mediasoup/whep-offer.ts'
import { chromiumOffer, offerWithPayloadTypes } from './offers.ts'

function layoutOfOffer(sdp: string) {
  return layoutOf(chooseMedia(parseWhepOffer(sdp), ['VIDEO', 'AUDIO']).values())
}

/** The payload types that mediasoup itself gives to a router of these codecs. */
function routerPayloadTypes(sdp: string) {
  const { codecs = [] } = ortc.generateRouterRtpCapabilities(viewerRouterCodecs(layoutOfOffer(sdp)))
  const of = (mimeType: string) => codecs.find((codec) => codec.mimeType === mimeType)?.preferredPayloadType
  return [of('video/H264'), of('video/rtx'), of('audio/opus')]
}

test("a viewer router has the payload types of Chromium's offer", () => {
  expect(layoutOfOffer(chromiumOffer)).toEqual({ video: 108, videoRtx: 109, audio: 111 })
  expect(routerPayloadTypes(chromiumOffer)).toEqual([108, 109, 111])
})

test('a viewer router has the payload types of the offer, whichever they are', () => {
  const dynamic = Array.from({ length: 32 }, (_, index) => 96 + index)
  for (const rtx of dynamic) {
    for (const [h264, opus] of [
      [96, 97],
      [100, 101],
      [127, 35],
      [39, 111],
      [99, 100],
    ] as const) {
      if (h264 === rtx || opus === rtx) continue
      expect(routerPayloadTypes(offerWithPayloadTypes(h264, rtx, opus))).toEqual([h264, rtx, opus])
    }
  }
})

test('RTX is left out where mediasoup can not be brought to its payload type', () => {
  expect(layoutOfOffer(offerWithPayloadTypes(108, 36, 111))).toEqual({ video: 108, videoRtx: null, audio: 111 })
})

test('offers of the same types share a layout, others do not', () => {
  expect(layoutKey(layoutOfOffer(chromiumOffer))).toBe(layoutKey(layoutOfOffer(offerWithPayloadTypes(108, 109, 111))))
  expect(layoutKey(layoutOfOffer(chromiumOffer))).not.toBe(
    layoutKey(layoutOfOffer(offerWithPayloadTypes(109, 108, 111))),
  )
})
