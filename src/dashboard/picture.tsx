import { type Signal, signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PlayerStatus, Transport } from '../client/watch/model.ts'
import type { Watch } from '../client/watch/player.ts'
import type { WallStream } from './operations.ts'
import { weir } from './weir.ts'

/** The stream that is heard, by id: one at a time. */
const heard = signal<string | null>(null)

const query = new URLSearchParams(location.search)

/** `?player=hls` plays nothing but HLS, `?fallback=off` nothing but WHEP. */
function transports(): readonly Transport[] {
  if (query.get('player') === 'hls') return ['hls']
  return query.get('fallback') === 'off' ? ['whep'] : ['whep', 'hls']
}

async function loadHls() {
  return (await import('hls.js/light')).default
}

interface PictureProps {
  stream: WallStream
  status: Signal<PlayerStatus>
  isLarge: boolean
  onSize: () => void
}

export function Picture({ stream, status, isLarge, onSize }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const player = useRef<Watch | null>(null)
  /** Of the stream's state at which its stop has ended the session; it plays again with the next. */
  const stoppedAt = useRef<string | null>(null)
  const since = useRef(stream.stateSince)
  since.current = stream.stateSince
  const seen = useSeen(frame)
  const client = weir.value
  // A stream that recovers keeps its player: the picture comes back on the same connection.
  const flowing = stream.state === 'LIVE' || stream.state === 'RECOVERING'
  const wanted = flowing && seen
  const { phase, closeReason } = status.value
  // Who was shown the door doesn't come back by scrolling.
  const shownTheDoor = phase === 'ENDED' && closeReason !== 'STREAM_STOPPED'
  const again = stoppedAt.current !== null && stoppedAt.current !== stream.stateSince

  useEffect(() => {
    if (!wanted || shownTheDoor) return
    stoppedAt.current = null
    const watch = client.watch(stream.id, video.current!, {
      clientId: 'page',
      transports: transports(),
      loadHls,
      onStatus(next) {
        status.value = next
        if (next.phase === 'ENDED') stoppedAt.current = since.current
      },
    })
    player.current = watch
    return () => {
      if (watch.status.phase !== 'ENDED') watch.stop()
    }
  }, [stream.id, wanted, shownTheDoor, again, client])

  useEffect(() => player.current?.setLive(stream.state === 'LIVE'), [stream.state, wanted])

  const withSound = heard.value === stream.id
  const hasAudio = stream.tracks?.some(({ kind }) => kind === 'AUDIO') ?? true
  const message = pictureMessage(stream, status.value)
  return (
    <div class="picture" ref={frame}>
      <video ref={video} muted={!withSound} autoplay playsInline disablePictureInPicture />
      {message && (
        <p class={status.value.phase === 'STALLED' ? 'message still' : 'message'} role="status">
          {message}
          {shownTheDoor && flowing && (
            <button type="button" onClick={() => player.current?.start()}>
              Play again
            </button>
          )}
        </p>
      )}
      <button
        type="button"
        class="size"
        aria-label={isLarge ? `Back to all streams` : `Show ${stream.name} large`}
        onClick={onSize}
      >
        {isLarge && (
          <span class="close" aria-hidden="true">
            ✕
          </span>
        )}
      </button>
      <div class="overlay">
        {status.value.phase === 'PLAYING' && (
          <span class="transport">{status.value.transport === 'whep' ? 'WebRTC' : 'HLS'}</span>
        )}
        {status.value.phase === 'PLAYING' && hasAudio && (
          <button
            type="button"
            class="sound"
            aria-pressed={withSound}
            aria-label={`Sound of ${stream.name}`}
            onClick={() => {
              heard.value = withSound ? null : stream.id
            }}
          >
            <SoundIcon on={withSound} />
          </button>
        )}
      </div>
    </div>
  )
}

function pictureMessage(
  { state, desiredState }: WallStream,
  { phase, transport, reason }: PlayerStatus,
): string | null {
  if (state === 'STOPPING') return 'Stopping…'
  if (state === 'STOPPED') return desiredState === 'RUNNING' ? 'Starting…' : 'Stopped'
  if (state === 'STARTING') return 'Starting…'
  if (state === 'ERROR') return 'No picture'
  if (phase === 'ENDED') return `Closed: ${reason ?? 'no reason was given'}`
  if (phase === 'CONNECTING') return transport === 'hls' ? 'Connecting by HLS…' : 'Connecting…'
  if (phase === 'STALLED') return 'The picture stands still'
  if (phase === 'WAITING') return 'No picture yet, trying again…'
  return null
}

/** Whether it is to be seen: far out of sight or in a hidden tab nothing needs to play. */
function useSeen(target: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false)
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)!.isIntersecting), {
      rootMargin: '200px',
    })
    observer.observe(target.current!)
    const onVisibility = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      observer.disconnect()
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [])
  return near && visible
}

function SoundIcon({ on }: { on: boolean }) {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d="M4 9v6h4l5 4V5L8 9z" fill="currentColor" />
      <path
        d={on ? 'M16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12' : 'M16.5 9.5l5 5m0-5l-5 5'}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
  )
}
