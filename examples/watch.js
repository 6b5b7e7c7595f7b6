// watch.html#url=…&stream=…&key=…&by=mediasoup,whep,hls
import { createClient } from 'weir/client'

const asked = new URLSearchParams(location.hash.slice(1))
const weir = createClient({ url: asked.get('url'), key: asked.get('key') })

const watch = weir.watch(asked.get('stream'), document.querySelector('video'), {
  // Left out, it tries all that it can: mediasoup, WHEP, HLS.
  transports: asked.get('by')?.split(',') ?? [],
  // Large, so they are loaded when they are needed.
  loadMediasoup: () => import('mediasoup-client'),
  loadHls: () => import('hls.js'),
  clientId: 'example',
  onStatus: show,
})
show(watch.status)
// For those who look at it in the console.
window.watch = watch

function show({ phase, transport, width, height, fps, reason, closeReason }) {
  const size = width ? `${width} x ${height}, ${Math.round(fps ?? 0)} frames/s` : ''
  const why = reason ? `${closeReason ?? ''} ${reason}` : ''
  document.querySelector('#phase').textContent = [phase, transport, size, why].filter(Boolean).join(' · ')
}
