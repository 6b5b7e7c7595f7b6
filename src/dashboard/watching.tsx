import type { PlayerPhase, PlayerStatus } from '../client/watch/model.ts'
import { formatBitrate, formatCount, unknown } from './format.ts'
import type { WallStream } from './operations.ts'

const phaseName: Record<PlayerPhase, string> = {
  IDLE: 'Not playing',
  CONNECTING: 'Connecting',
  PLAYING: 'Playing',
  STALLED: 'Standing still',
  WAITING: 'Waiting to try again',
  ENDED: 'Closed',
}

/** Who watches, and how it goes for the player of this page. */
export function Watching({ stream, player }: { stream: WallStream; player: PlayerStatus }) {
  const { phase, transport, reason, closeReason } = player
  const facts: [string, string][] = [
    ['Sessions', formatCount(stream.consumerCounts?.total)],
    [
      'This player',
      [phaseName[phase], transport === null ? null : transportName[transport]].filter(Boolean).join(', '),
    ],
    ['Received', formatBitrate(player.bitrateBps)],
    ['Round trip', player.roundTripMs === null ? unknown : `${Math.round(player.roundTripMs)} ms`],
    ['Dropped', formatCount(player.framesDropped)],
    ['Freezes', formatCount(player.freezeCount)],
  ]
  return (
    <section class="watching" aria-label="Who watches">
      <h3>Watching</h3>
      <dl class="figures">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {reason !== null && (
        <p class="hint" data-reason={closeReason ?? undefined}>
          {phase === 'ENDED' ? 'Ended' : 'Last ended'}: {reason.replace(/\.$/, '')}.
        </p>
      )}
    </section>
  )
}

const transportName = { mediasoup: 'mediasoup', whep: 'WebRTC', hls: 'HLS' }
