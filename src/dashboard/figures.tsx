import type { PlayerStatus } from '../client/watch/model.ts'
import { now, staleSince } from './clock.ts'
import {
  formatBitrate,
  formatBytes,
  formatCodecs,
  formatCount,
  formatDuration,
  formatFps,
  formatPercent,
  formatSize,
} from './format.ts'
import type { WallStream } from './operations.ts'

/** Older than this a measurement says nothing about now. */
const measurementMs = 10_000

/** What the server measures of a stream. Without a key it doesn't say all: what the player sees for itself stands in. */
export function Figures({ stream, player }: { stream: WallStream; player: PlayerStatus }) {
  const measuredAt = stream.process?.measuredAt
  const fresh = measuredAt != null && now.value - Date.parse(measuredAt) < measurementMs
  const process = fresh || staleSince.value !== null ? stream.process : null
  const video = stream.tracks?.find(({ kind }) => kind === 'VIDEO')
  const figures: [string, string][] = [
    ['Frames/s', formatFps(process?.fps ?? (player.phase === 'PLAYING' ? player.fps : null))],
    ['Bitrate', formatBitrate(process?.bitrateBps)],
    ['Picture', formatSize(video?.width ?? player.width, video?.height ?? player.height)],
    ['Codecs', formatCodecs(stream.tracks?.map(({ codec }) => codec))],
    ['CPU', formatPercent(process?.cpuPercent)],
    ['Memory', formatBytes(process?.memoryBytes)],
    ['Uptime', formatDuration(stream.uptimeSeconds)],
    ['Viewers', formatCount(stream.consumerCounts?.active)],
    ['Restarts', formatCount(stream.process?.restarts)],
  ]
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
