import { signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { idleStatus, type PlayerStatus } from '../client/watch/model.ts'
import { now } from './clock.ts'
import { Controls } from './controls.tsx'
import { Figures } from './figures.tsx'
import { formatDuration } from './format.ts'
import { History } from './history.tsx'
import { Issues } from './issues.tsx'
import { key } from './key.ts'
import type { WallStream } from './operations.ts'
import { Picture } from './picture.tsx'
import { StateBadge } from './state-badge.tsx'
import { Watching } from './watching.tsx'

/** The stream that is shown large, by id. */
export const large = signal<string | null>(null)

export function Card({ stream }: { stream: WallStream }) {
  const player = useSignal<PlayerStatus>(idleStatus)
  const isLarge = large.value === stream.id
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isLarge) return
    const before = document.activeElement
    card.current?.focus()
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') large.value = null
    }
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      if (before instanceof HTMLElement) before.focus()
    }
  }, [isLarge])
  const covered = large.value !== null && !isLarge
  const { transport, phase, framesDecoded, reason, closeReason } = player.value
  const heading = `name-${stream.id}`
  return (
    <li inert={covered}>
      <article
        ref={card}
        class={isLarge ? 'card large' : 'card'}
        tabIndex={-1}
        aria-labelledby={heading}
        data-stream-id={stream.id}
        data-state={stream.state}
        data-stream-health={stream.health?.status}
        data-player={transport ?? undefined}
        data-player-phase={phase}
        data-frames-decoded={framesDecoded ?? undefined}
        data-player-reason={reason ?? undefined}
        data-close-reason={closeReason ?? undefined}
      >
        <Picture
          stream={stream}
          status={player}
          isLarge={isLarge}
          onSize={() => {
            large.value = isLarge ? null : stream.id
          }}
        />
        <div class="facts">
          <div class="title">
            <h2 id={heading}>{stream.name}</h2>
            <StateBadge state={stream.state} />
          </div>
          <Issues health={stream.health} />
          {stream.stateReason && <p class="since">{stream.stateReason}</p>}
          <p class="since">
            <time dateTime={stream.stateSince}>{sinceText(stream.stateSince)}</time>
          </p>
          <Figures stream={stream} player={player.value} />
          {key.value !== null && <Controls stream={stream} />}
          {isLarge && <Watching stream={stream} player={player.value} />}
          {isLarge && <History streamId={stream.id} />}
        </div>
      </article>
    </li>
  )
}

function sinceText(since: string): string {
  return `for ${formatDuration((now.value - Date.parse(since)) / 1000)}`
}
